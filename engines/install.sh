#!/bin/sh
# install.sh easyocr|paddleocr [FOLDER]: makes a Python environment for Korrigo's external engines (/opt/korrigo-engines unless named) and puts
# one of them there with its models. Needs a network, once; Korrigo itself gives engines none.
set -eu
engine=${1:-}
home=${2:-/opt/korrigo-engines}
case $engine in
  easyocr) packages="easyocr>=1.7,<2" ;;
  paddleocr) packages="paddlepaddle>=2.6,<3 paddleocr>=2.7,<3" ;;
  *) echo "usage: install.sh easyocr|paddleocr [FOLDER]" >&2; exit 2 ;;
esac
[ -x "$home/bin/python3" ] || python3 -m venv "$home" || {
  echo "python3 cannot make an environment: apt-get install python3-venv" >&2
  exit 3
}
# shellcheck disable=SC2086
"$home/bin/python3" -m pip install $packages
"$home/bin/python3" -B "$(dirname "$0")/$engine.py" --fetch
echo "Installed. Name it in Korrigo's configuration: engines = [\"$engine\"]"
[ "$home" = /opt/korrigo-engines ] || echo "and: engine_python = \"$home/bin/python3\""
