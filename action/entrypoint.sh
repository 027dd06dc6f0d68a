#!/bin/sh
# Maps the action's inputs to command lines of mlops; decides nothing.
#   $1  the working directory, below the checkout
#   $2  command lines, one a line
#   $3  exit codes after which the next line still runs, parted by blanks or commas; empty: none
# xargs parts words by blanks and honours quotes, and no shell ever reads them.
set -u

finish() {
  if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'exit-code=%s\n' "$1" >> "$GITHUB_OUTPUT"
  fi
  exit "$1"
}

goes_on() {
  case " $allowed " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

cd "$1" || finish 2
case "${3:-}" in
  *[!0-9\ ,]*)
    echo "mlops: continue-on-exit-codes should be numbers parted by blanks and is '$3'" >&2
    finish 2
    ;;
esac
allowed=$(printf '%s' "${3:-}" | tr ',' ' ')
code=0
while IFS= read -r line <&3 || [ -n "$line" ]; do
  line=$(printf '%s' "$line" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//')
  case "$line" in '' | '#'*) continue ;; esac
  # Unbalanced quotes end it before anything of that line runs.
  if ! printf '%s\n' "$line" | xargs -x true; then
    finish 2
  fi
  # xargs reports 123 for any failure of the program: the real exit code travels by a file.
  status=$(mktemp)
  printf '%s\n' "$line" | xargs -x sh -c 'f=$1; shift; mlops "$@"; echo $? > "$f"' mlops-action "$status"
  last=$(cat "$status")
  rm -f "$status"
  [ -n "$last" ] || last=1
  if [ "$last" -ne 0 ]; then
    goes_on "$last" || finish "$last"
    # The first verdict is how it ends, unless a later line fails otherwise.
    [ "$code" -ne 0 ] || code=$last
  fi
done 3<<COMMANDS
$2
COMMANDS
finish "$code"
