// SPDX-License-Identifier: BSL-1.0
// e^(x^2) erfc(x) in double, for 0.5 <= x < 30.5: a polynomial for each of 16 intervals.
#pragma once

#include <typegrad/math/table.hpp>

namespace typegrad::math::detail {

/// Coefficient k of the polynomial of interval j, in the distance from its middle; printed by docs/tools/erfc_table.py.
inline constexpr double scaled_erfc_table[14][16] = {
    {0x1.038d54ea3d834p-1, 0x1.78a692138767ap-2, 0x1.23cfc2f1dc7e0p-2, 0x1.d94446d627932p-3, 0x1.6e9827d229d2dp-3, 0x1.18932bf08e154p-3,
     0x1.c57239e943d1ap-4, 0x1.7c0348489d721p-4, 0x1.31742f4d8d4d3p-4, 0x1.e3db9bbbefc9ep-5, 0x1.90658c4eb57cbp-5, 0x1.556d4dd1f605cp-5,
     0x1.17999659ab8b6p-5, 0x1.c260728555995p-6, 0x1.78faca60fd196p-6, 0x1.4423f3a6a5aefp-6},
    {-0x1.78cdd551ee51ap-2, -0x1.abaacdbfa8b07p-3, -0x1.0c3d538446447p-3, -0x1.6a70d2bb37411p-4, -0x1.bd6ae4d14b16fp-5, -0x1.094922737431ap-5,
     -0x1.5d843497d4f3ap-6, -0x1.ed7f66d9d09fep-7, -0x1.404455ba9f3bfp-7, -0x1.93108c9356f34p-8, -0x1.14782b97452f2p-8, -0x1.9276b60443f7cp-9,
     -0x1.0e23ef619e360p-9, -0x1.5eae9afb8256bp-10, -0x1.eb908f3f7b3b7p-11, -0x1.6b801df137fc3p-11},
    {0x1.d90093ae108b0p-3, 0x1.b56f45eef7e3fp-4, 0x1.c8d0cef0f8107p-5, 0x1.0615670e25a7ap-5, 0x1.043fe1a98be57p-6, 0x1.e9412fa33c6cbp-8,
     0x1.08cf82b79a112p-8, 0x1.3c7764a81f460p-9, 0x1.4d07bba601056p-10, 0x1.4dfd333e223f0p-11, 0x1.7c66d2a10478ap-12, 0x1.d9243e5cacb19p-13,
     0x1.04877d0063892p-13, 0x1.10bbf3169a3a2p-14, 0x1.403968c57fb68p-15, 0x1.9763ef3f497d1p-16},
    {-0x1.09e77d40e0214p-3, -0x1.9b635ac624ac6p-5, -0x1.6cb52fe48945cp-6, -0x1.6883f9919a179p-7, -0x1.259061ba85478p-8, -0x1.b8b6382729eaap-10,
     -0x1.8abc198707c86p-11, -0x1.9106a7cd79e39p-12, -0x1.5783a27faced1p-13, -0x1.134ff44260730p-14, -0x1.04c1668352a70p-15, -0x1.1560775b6b45cp-16,
     -0x1.f59df6f497f5cp-18, -0x1.a7ba08bba18e7p-19, -0x1.a0de6c14e4979p-20, -0x1.c84cf79c17474p-21},
    {0x1.1192f5bd775ccp-4, 0x1.68a25a664836fp-6, 0x1.13648a12017fcp-7, 0x1.da595561f8c9ep-9, 0x1.409cc2eddd68dp-10, 0x1.8457bbe0b4224p-12,
     0x1.219f2c3358217p-13, 0x1.f64cd9c07d794p-15, 0x1.5f8a69cacc5f0p-16, 0x1.c3904bd41358ap-18, 0x1.6433d10f6f417p-19, 0x1.445d3c99ebff4p-20,
     0x1.e209aa461b60cp-22, 0x1.48c57e66ce319p-23, 0x1.0f1e0580b53b7p-24, 0x1.fec570898451ep-26},
    {-0x1.054d68296477dp-5, -0x1.299636d6c9209p-7, -0x1.8bf716a8ec6bep-9, -0x1.2bd251bb2f799p-10, -0x1.53dec9d10fb9ap-12, -0x1.4f2981c3d63f8p-14,
     -0x1.a2a81d24cf7b3p-16, -0x1.370d06417885cp-17, -0x1.64fcbb7235ff4p-19, -0x1.7074a5b594411p-21, -0x1.e4dce67f5e80dp-23, -0x1.7a51b09ecf84ap-24,
     -0x1.ce66254d726bfp-26, -0x1.fd98a001c9c1bp-28, -0x1.605c8642a5412p-29, -0x1.1db2b47ec62c6p-30},
    {0x1.d43a7c4dbe650p-7, 0x1.d1b69597f0c3dp-9, 0x1.106bd5bb7a2eep-10, 0x1.6d7743d0ced6cp-12, 0x1.5e73921895e99p-14, 0x1.1ba135bf26275p-16,
     0x1.2a41151f98e0ep-18, 0x1.7d0e03e78508cp-20, 0x1.67ca2a92774d2p-22, 0x1.2b25eb7ba33dcp-24, 0x1.48d73b413580dp-26, 0x1.b81a869e23e67p-28,
     0x1.bac698b09847bp-30, 0x1.8a7a98e1445e3p-32, 0x1.c9939cd86c17cp-34, 0x1.3f6a051ebadb6p-35},
    {-0x1.8c97dd32ae0e1p-8, -0x1.5b8bc9419d840p-10, -0x1.68388845b02b1p-12, -0x1.aed7ebc6d4759p-14, -0x1.60250f72bd1f2p-16, -0x1.d7274751b693fp-19,
     -0x1.a3193ce431125p-21, -0x1.cde4cec5f5f69p-23, -0x1.67f14be297d5ep-25, -0x1.e35faf9c28240p-28, -0x1.bc802d0234ce8p-30, -0x1.fea8dc9916047p-32,
     -0x1.a73d417b1ff72p-34, -0x1.310361d3f6da9p-36, -0x1.28dca4b6591e4p-38, -0x1.64e47bc3172bap-40},
    {0x1.3f81a9597de0ap-9, 0x1.f0fe8a88d3cd7p-12, 0x1.cb4c7627a9281p-14, 0x1.ec774509181bap-16, 0x1.595fc38b815b0p-18, 0x1.806cd582835f2p-21,
     0x1.228a8d7ff1bb3p-23, 0x1.15134f6bc098fp-25, 0x1.6580380d378a2p-28, 0x1.84a3b7d48105dp-31, 0x1.2b6372e3076f2p-33, 0x1.2781986d26536p-35,
     0x1.93dc48d9ff919p-38, 0x1.d72217cbfc4e5p-41, 0x1.80e06837872d6p-43, 0x1.8e86eef09c315p-45},
    {-0x1.ec0d1ccb09b6fp-11, -0x1.55c08c80d2503p-13, -0x1.1b2919f9d4442p-15, -0x1.117a6a5f5a9a8p-17, -0x1.4b14f2116d7ffp-20, -0x1.345f2cd89cc02p-23,
     -0x1.8dabd4dc6ecffp-26, -0x1.491bbaaf18a85p-28, -0x1.608f93875db61p-31, -0x1.36fb32c2abd1dp-34, -0x1.91ed5eaf55dafp-37, -0x1.5522f38ab4fd9p-39,
     -0x1.80b1b5385c574p-42, -0x1.6b71d3e46da49p-45, -0x1.f294875f68f42p-48, -0x1.bcbfe0c26da6fp-50},
    {0x1.6b80da7254f0fp-12, 0x1.c55c924775cc5p-15, 0x1.5269f21f31c3cp-17, 0x1.27a9379f9d083p-19, 0x1.365b94e3c3c38p-22, 0x1.e68b542899810p-26,
     0x1.0cb8074247467p-28, 0x1.831338eed9678p-31, 0x1.58e982fe13076p-34, 0x1.ef1c25c49c00dp-38, 0x1.0cd2311fdc79ap-40, 0x1.88c5453131f93p-43,
     0x1.6d709eab5c3f1p-46, 0x1.17ee6de9fd026p-49, 0x1.429bb429f3048p-52, 0x1.eff9feb7984aep-55},
    {-0x1.02a2c5796f3cap-13, -0x1.22f10017ec710p-16, -0x1.88f0ad9976924p-19, -0x1.37b3d0ebc0d92p-21, -0x1.1d44a2c6f69aep-24, -0x1.7a0b941b3a996p-28,
     -0x1.66e451c7f2d4cp-31, -0x1.c3044f6297c2fp-34, -0x1.4f8021bc9b4d1p-37, -0x1.887ccd85afc0bp-41, -0x1.6679fee9d99b9p-44, -0x1.c325d17a0e19ep-47,
     -0x1.5ae5b4f398890p-50, -0x1.aee82d4dfc9dfp-54, -0x1.a13d58e1c33e3p-57, -0x1.146ad17c7cdeep-59},
    {0x1.6be408e744acbp-15, 0x1.71368494f04cfp-18, 0x1.c3515d18ecf45p-21, 0x1.4549d09bbbc55p-23, 0x1.0c6608a808ce0p-26, 0x1.2a839c7fb12fdp-30,
     0x1.e4e9ccd97eb72p-34, 0x1.090ae95bb1a30p-36, 0x1.553a976b31fdbp-40, 0x1.407884b1b4233p-44, 0x1.e81fe486c7a3cp-48, 0x1.0725275cc8ab3p-50,
     0x1.599c7601867b6p-54, 0x1.564d3f50839dbp-58, 0x1.13e15d73f9040p-61, 0x1.393971b24787fp-64},
    {-0x1.e34f70587b39ap-17, -0x1.bde45264f2361p-20, -0x1.f0bcbed45e35cp-23, -0x1.47399628bd723p-25, -0x1.da3f7481ba5dcp-29, -0x1.c20b0e8c8711bp-33,
     -0x1.3c49a9a1d4503p-36, -0x1.2f252c3b4b690p-39, -0x1.475313353d2a9p-43, -0x1.f75344b266a00p-48, -0x1.4345d55ae3a93p-51, -0x1.2cbc8a43cb4d5p-54,
     -0x1.46e5775f1acacp-58, -0x1.06d71299be14fp-62, -0x1.64377cd30e0a0p-66, -0x1.5cb4997c0a20ap-69}};

/// x + 1.5 tells the interval: two bits after the leading one.
template <class T>
TYPEGRAD_INLINE constexpr T scaled_erfc(T x) {
  using I = integer_of<double>;
  const auto bits = __builtin_bit_cast(integer_of<T>, x + T(1.5)), j = shifted_down<T>(bits, 50) & I{15};
  const T middle = __builtin_bit_cast(T, (bits & I{-0x4'0000'0000'0000}) | I{0x2'0000'0000'0000}) - T(1.5);
  const T r = x - middle, square = r * r, fourth = square * square, power[] = {r, square, fourth, fourth * fourth};
  return [&]<std::size_t... K>(std::index_sequence<K...>) TYPEGRAD_INLINE {
    const T coefficient[] = {looked_up<T>(scaled_erfc_table[K], j)...};
    return multiply_add(polynomial_tree<1, 13>(coefficient, power), r, coefficient[0]);
  }(std::make_index_sequence<14>{});
}

}  // namespace typegrad::math::detail
