#!/bin/sh
# Maps the action's inputs to command lines of mlops; decides nothing.
#   $1  the working directory, below the checkout
#   $2  command lines, one a line
# xargs parts words by blanks and honours quotes, and no shell ever reads them.
set -u
cd "$1" || exit 2
code=0
while IFS= read -r line <&3 || [ -n "$line" ]; do
  case "$line" in '' | '#'*) continue ;; esac
  # Unbalanced quotes end it before anything runs.
  if ! printf '%s\n' "$line" | xargs true; then
    code=2
    break
  fi
  # xargs reports 123 for any failure of the program: the real exit code travels by a file.
  status=$(mktemp)
  printf '%s\n' "$line" | xargs sh -c 'f=$1; shift; mlops "$@"; echo $? > "$f"' mlops-action "$status"
  code=$(cat "$status")
  rm -f "$status"
  [ -n "$code" ] || code=1
  [ "$code" -eq 0 ] || break
done 3<<COMMANDS
$2
COMMANDS
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'exit-code=%s\n' "$code" >> "$GITHUB_OUTPUT"
fi
exit "$code"
