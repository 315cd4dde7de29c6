set -eu
# [pkg_config]
$CXX -std=c++20 outside.cpp -o outside $(pkg-config --cflags typegrad)
# [pkg_config]
