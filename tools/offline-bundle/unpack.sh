#!/bin/sh
# Joins the parts of an offline bundle that lie beside this file, checks them, and unpacks them as DIRECTORY/chirplens.
#   sh unpack.sh DIRECTORY
set -eu
[ $# -eq 1 ] || { echo "usage: sh unpack.sh DIRECTORY" >&2; exit 2; }
[ ! -e "$1/chirplens" ] || { echo "unpack: $1/chirplens exists already; remove it or name another directory" >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || { echo "unpack: a part is missing or damaged" >&2; exit 1; }
mkdir -p "$1"
if command -v xz > /dev/null; then
    cat "$here"/chirplens.tar.xz.* | xz -T0 -dc | tar -C "$1" -xf -
else
    cat "$here"/chirplens.tar.xz.* |
        python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer, 1 << 20)' |
        tar -C "$1" -xf -
fi
echo "unpacked: $1/chirplens/chirplens"
