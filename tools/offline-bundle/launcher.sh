#!/bin/sh
# Starts ChirpLens from an unpacked offline bundle: nothing else need be installed.
#
#   CHIRPLENS_JAVA_OPTS    options for Java; default -Xmx2g (TensorFlow's memory is outside the heap)
#   NVIDIA_TF32_OVERRIDE   1: float32 products on a GPU round their factors to TF32; default 0
set -eu
self=$(readlink -f -- "$0")
home=${self%/*}
: "${TF_ENABLE_ONEDNN_OPTS:=1}" "${TF_CPP_MIN_LOG_LEVEL:=2}" "${NVIDIA_TF32_OVERRIDE:=0}"
CHIRPLENS_GPU=@GPU@
export TF_ENABLE_ONEDNN_OPTS TF_CPP_MIN_LOG_LEVEL NVIDIA_TF32_OVERRIDE CHIRPLENS_GPU
export LD_LIBRARY_PATH="$home/native:$home/system${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" FONTCONFIG_FILE="$home/fonts/fonts.conf"
# Java takes the encoding of file names from the locale; that of a container has often none.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*) ;;
    *) export LC_ALL=C.UTF-8 ;;
esac
# Code for one compute capability runs on GPUs of the same major number and at least the same minor one; nvidia-smi tells which the
# GPUs have, or fails.
if [ -f "$home/CAPABILITY" ] && command -v nvidia-smi > /dev/null; then
    packed=$(cat "$home/CAPABILITY")
    found=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2> /dev/null | grep -Ex '[0-9]+\.[0-9]+' | sort -u) || found=
    runs=
    for one in $found; do
        if [ "${one%.*}" = "${packed%.*}" ] && [ "${one#*.}" -ge "${packed#*.}" ]; then runs=1; fi
    done
    if [ -n "$found" ] && [ -z "$runs" ]; then
        echo "chirplens: this bundle is packed for GPUs of compute capability $packed, found $(echo "$found" | paste -sd , -);" \
            "pack one with --gpu $(echo "$found" | head -n 1), or compute on the processor with --device cpu" >&2
    fi
fi
if [ -t 2 ]; then
    set -- -Dchirplens.terminal=true org.chirplens.experiments.Main "$@"
else
    set -- org.chirplens.experiments.Main "$@"
fi
# shellcheck disable=SC2086 # several options in one variable
exec "$home/runtime/bin/java" ${CHIRPLENS_JAVA_OPTS:--Xmx2g} -Djava.awt.headless=true "-Djava.library.path=$home/native" \
    "-Dchirplens.home=$home" -Dchirplens.bundle=true -cp "$home/lib/*" "$@"
