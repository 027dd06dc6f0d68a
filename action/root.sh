#!/bin/sh
# Gathers a small root file system: what the named Debian packages and all that they need consist of, without documentation,
# translations, and what is in nobody's way but large. Runs in the first stage of action/Dockerfile.
#   root.sh FOLDER PACKAGE…   a package that an earlier call has taken is not taken again
set -eu
folder=$1
shift
taken=/var/tmp/taken
touch "$taken"

# Not wanted: git runs without Perl (its mail and SVN commands do not), ca-certificates and OpenSSL's libraries without the
# openssl program, drawing without a list of MIME types; nothing is installed or configured in the image, so no dpkg and debconf.
out=' perl perl-base liberror-perl git-man openssl debconf debconf-2.0 dpkg init-system-helpers shared-mime-info base-passwd passwd login login.defs install-info sensible-utils tzdata '

needs() {
  dpkg-query -W -f '${Pre-Depends},${Depends}\n' "$1" | tr ',' '\n' | sed 's/[(|].*//; s/:any//; s/[[:space:]]//g' | sort -u
}

take() {
  case "$out" in *" $1 "*) return ;; esac
  if grep -qx "$1" "$taken" || ! dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; then return; fi
  echo "$1" >> "$taken"
  echo "$1" >> /var/tmp/new
  for other in $(needs "$1"); do take "$other"; done
}

: > /var/tmp/new
for package in "$@"; do take "$package"; done

# Every package keeps its licence. gconv: .NET and git know the encodings that we use; the rest of git-core are servers and mailers.
sort -u /var/tmp/new | while read -r package; do dpkg-query -L "$package"; done | sort -u | grep -v -E \
  -e '^/\.$' \
  -e '^/usr/share/(man|info|locale|lintian|bug|gdb|bash-completion|zsh|perl5|gitweb|doc-base|applications|icons|gettext|libthai/.*\.txt)(/|$)' \
  -e '^/usr/share/doc/[^/]+/.*[^t]$' -e '^/usr/share/doc/[^/]+/.*/' \
  -e '^/usr/lib/[^/]+/(gconv|audit)/' -e '^/usr/lib/locale' -e '^/etc/(init|cron|pam|logrotate|update-motd|bash_completion)\.?d?' -e '^/usr/lib/systemd' \
  -e '^/usr/lib/git-core/(git-(daemon|http-backend|http-push|http-fetch|imap-send|shell|cvs.*|svn|send-email|p4|gui|instaweb)|scalar)$' \
  -e '^/usr/bin/(scalar|git-shell|git-cvsserver)$' \
  > /var/tmp/files
# Of util-linux what stages are started with.
if grep -qx util-linux /var/tmp/new; then
  dpkg-query -L util-linux | grep -v -E -e '/(setsid|flock)$' -e '^/usr/share/doc/util-linux/copyright$' | grep -v -x -F -e /. -e /usr -e /usr/bin -e /usr/share -e /usr/share/doc > /var/tmp/not
  grep -v -x -F -f /var/tmp/not /var/tmp/files > /var/tmp/some && mv /var/tmp/some /var/tmp/files
fi
mkdir -p "$folder"
while read -r path; do if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' ".$path"; fi; done < /var/tmp/files > /var/tmp/there
tar -C / --no-recursion -cf - -T /var/tmp/there | tar -C "$folder" -xpf -

# What scanners read: the packages that are really there.
mkdir -p "$folder/var/lib/dpkg"
sort -u "$taken" | while read -r package; do dpkg-query -s "$package" | sed '/^Conffiles:/,/^[A-Z]/{/^Conffiles:/d;/^ /d}'; echo; done > "$folder/var/lib/dpkg/status"
