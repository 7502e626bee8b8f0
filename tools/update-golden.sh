#!/usr/bin/env bash
# Makes configs/ablation-ci.golden.csv anew, with which continuous integration compares: after a change of the shipped model or
# of a protocol. 'git diff' then shows the heads that changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
./chirplens run configs/ablation-ci.yaml --out "$directory/run"
./chirplens compare "$directory/run" --write configs/ablation-ci.golden.csv
