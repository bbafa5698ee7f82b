#!/usr/bin/env bash
# Screenshots of a report as people see it: light and dark, on a desk and on a phone.
# Usage: tools/shot.sh REPORT.html OUTFOLDER
set -euo pipefail

if [ $# != 2 ] || [ ! -f "$1" ]; then
  echo "Usage: tools/shot.sh REPORT.html OUTFOLDER" >&2
  exit 2
fi
mkdir -p "$2"
report=file://$(realpath "$1" | sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g')
out=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tallest=6000 # pixels; a longer page is cut off there

browser() {
  local flags=(--headless --disable-gpu --hide-scrollbars --user-data-dir="$work/profile")
  # Chromium refuses its own sandbox to root.
  [ "$(id -u)" != 0 ] || flags+=(--no-sandbox)
  timeout 120 chromium "${flags[@]}" "$@" 2>"$work/log" || { cat "$work/log" >&2; exit 3; }
}

# A window takes the picture, so it must be as tall as the page; a frame of the same width says how tall that is.
height_at() {
  cat >"$work/measure.html" <<END
<!doctype html><body><iframe src="$report" style="border:0;width:$1px;height:100px" onload="
document.body.dataset.height = 'height:' + contentDocument.documentElement.scrollHeight"></iframe>
END
  browser --allow-file-access-from-files --dump-dom "file://$work/measure.html" | grep -o 'height:[0-9]\+"' | tr -dc '0-9'
}

for width in 1280 390; do
  height=$(height_at "$width")
  for scheme in dark:0 light:1; do
    picture=$out/$(basename "$1" .html)-${scheme%:*}-$width.png
    browser --blink-settings=preferredColorScheme="${scheme#*:}" --window-size="$width,$((height < tallest ? height : tallest))" \
      --screenshot="$picture" "$report" >/dev/null
    [ -s "$picture" ] || { cat "$work/log" >&2; exit 3; }
    echo "$picture"
  done
done
