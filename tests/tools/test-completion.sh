#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bash, zsh and fish complete verbs, options, and paths inside images.
. "${0%/*}/../lib.sh"
mkdir -p "tree/etc/some dir" tree/empty
echo hello >tree/etc/motd
touch tree/etc/mtab "tree/etc/some dir/a b" "tree/etc/x:y" tree/etc/.hidden
image_ext4 tree
mv "$img" "my disk.img"
touch plain.txt
scripts=$ANYFS_TOP/tools/completion

# Words that follow, one per line, without descriptions.
follow() { anyfs __complete "$@" | cut -f1 || true; }
follow trun | expect truncate
follow help tre | expect tree
follow ls --full | expect --full-time
follow ls --no-g | expect --no-glob
follow tar-out --num | matches -x -e --numeric-owner || fail "an option of anyfs-tar"
follow ls '' | expect :files
follow ls "my disk.img" /etc/m | expect "$(printf '/etc/motd\n/etc/mtab')"
follow ls "my disk.img" /e | expect "$(printf '/empty/\n/etc/')"
follow ls "my disk.img" "/etc/some dir/" | expect "/etc/some dir/a b"
follow ls --format raw -R "my disk.img" /etc/mo | expect /etc/motd
follow cat --range 0:10 "my disk.img" /etc/mo | expect /etc/motd
follow chmod "my disk.img" 64 | expect ""
follow chmod "my disk.img" 644 /etc/mo | expect /etc/motd
follow put "my disk.img" pl | expect :files
follow get "my disk.img" /etc/mo | expect /etc/motd
follow copy "my disk.img:/etc/mo" | expect "my disk.img:/etc/motd"
follow find "my disk.img" /etc/mo | expect /etc/motd
follow ls none.img / | expect ""
follow nonsense x | expect ""

echo "The other programs:"
after() { follow --program "$@"; }
after anyfs-fuse --over | expect --overlay
after anyfs-fuse -o fst | expect fstype=
after anyfs-fuse -o rw,umas | expect rw,umask=
after anyfs-fuse --overlay pl | expect :files
after anyfs-fuse pl | expect :files
after anyfs-lspart --tr | expect --tree
after anyfs-umount --w | expect --wait
after anyfs-umount /none | expect ""
after cptofs --part | expect --partition
after cpfromfs -i plain.txt --own | expect --owner
after fs2tar --sel | expect --selinux-contexts
[ "$(after lklfuse - | grep -cx -e -o)" -eq 1 ] || fail "-o is offered several times"
after lklfuse -o ty | expect type=
after /bin/true - | expect ""
for script in anyfs.bash _anyfs anyfs.fish; do
	for program in anyfs-fuse anyfs-umount anyfs-lspart anyfs-nfsd anyfs-ksmbd \
		cptofs cpfromfs fs2tar lklfuse; do
		grep -qw -e "$program" "$scripts/$script" ||
			fail "$script: $program is missing"
		[ -x "$(command -v $program)" ] || fail "$program is not installed"
	done
done

echo "The word after an option is completed as its value if, and only if, the option takes a value."
anyfs help | sed -n 's/^  \([a-z-]*\)  *.*/\1/p' >verbs
[ "$(wc -l <verbs)" -gt 30 ] || fail "few verbs: $(cat verbs)"
follow sync -- >common 2>/dev/null
{
	sed 's/^/sync /' common
	while read -r verb; do
		[ "$verb" = sync ] || follow "$verb" -- 2>/dev/null | { grep -vxFf common || true; } |
			sed "s/^/$verb /"
	done <verbs
} | grep -v -e ' --help$' -e ' --timeout$' >options
[ "$(wc -l <options)" -gt 100 ] || fail "few options: $(cat options)"
while read -r verb option; do
	anyfs "$verb" "$option" 2>err >/dev/null </dev/null || true
	paths=$(follow "$verb" "my disk.img" /etc/mo)
	after=$(follow "$verb" "$option" "my disk.img" /etc/mo)
	if grep -q "needs a value" err; then
		[ "$after" = :files ] || fail "$verb $option takes a value, but not here: $after"
	else
		[ "$after" != :files ] || [ "$paths" = :files ] ||
			fail "$verb $option takes no value, but here: $after"
	fi
done <options

echo "bash:"
requires test -f /usr/share/bash-completion/bash_completion
# in_bash LINE: the completions of the line with the cursor at its end.
in_bash() {
	bash --norc -c '
		. /usr/share/bash-completion/bash_completion
		. "$0/anyfs.bash"
		compopt() { :; }
		COMP_LINE=$1 COMP_POINT=${#1}
		eval "COMP_WORDS=($2)"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_anyfs
		printf "%s\n" "${COMPREPLY[@]}"' "$scripts" "$1" "$2"
}
in_bash 'anyfs trun' 'anyfs trun' | expect truncate
in_bash 'anyfs ls pl' 'anyfs ls pl' | expect plain.txt
in_bash 'anyfs ls "my disk.img" /etc/m' "anyfs ls '\"my disk.img\"' /etc/m" |
	expect "$(printf '/etc/motd\n/etc/mtab')"
in_bash 'anyfs ls my\ disk.img /etc/some\ dir/a' \
	"anyfs ls 'my\\ disk.img' '/etc/some\\ dir/a'" | expect "/etc/some dir/a b"
in_bash 'anyfs-fuse --over' 'anyfs-fuse --over' | expect --overlay
in_bash 'anyfs-lspart pl' 'anyfs-lspart pl' | expect plain.txt
in_bash 'anyfs copy my\ disk.img:/etc/mo' "anyfs copy 'my\\ disk.img' : /etc/mo" |
	expect /etc/motd

# The three shells on a terminal.
cat >typed.py <<'END'
"""Type words, each with a Tab key, and wait for the text that the shell adds; run the line."""
import os, pty, select, sys, time

steps, tail, out, *shell = sys.argv[1:]
os.environ["TERM"] = "xterm"
pid, fd = pty.fork()
if not pid:
    os.execvp(shell[0], shell)
text = b""
def wait(done, why):
    global text
    end = time.monotonic() + 300
    while not done():
        if time.monotonic() > end:
            sys.exit(f"{why}: {text!r}")
        if select.select([fd], [], [], 0.05)[0]:
            try:
                text += os.read(fd, 65536)
            except OSError:
                sys.exit(f"the shell has ended: {text!r}")
wait(lambda: b"ready>" in text, "no prompt")
for step in steps.split("|"):
    typed, added = step.split("=")
    os.write(fd, typed.encode())
    wait(lambda: typed[-1].encode() in text, "no echo")
    text = b""
    os.write(fd, b"\t")
    wait(lambda: added.encode() in text, f"{added} is not added to {typed}")
os.write(fd, tail.encode() + b"\r")
wait(lambda: os.path.exists(out) and os.path.getsize(out), "no output")
END
mkdir -p home/.config/fish
export HOME=$PWD/home XDG_CONFIG_HOME=$PWD/home/.config ZDOTDIR=$PWD/home
cat >home/bashrc <<END
PS1='ready> '
. /usr/share/bash-completion/bash_completion
. '$scripts/anyfs.bash'
END
cat >home/.zshrc <<END
PS1='ready> '
fpath=('$scripts' \$fpath)
autoload -Uz compinit && compinit -u -D
END
cat >home/.config/fish/config.fish <<END
function fish_prompt; echo -n 'ready> '; end
set -g fish_greeting
source '$scripts/anyfs.fish'
END
for shell in "bash --rcfile home/bashrc -i" "zsh -i" "fish -i"; do
	name=${shell%% *}
	requires "$name" --version
	echo "$name:"
	# shellcheck disable=SC2086 # the words of the command
	run python3 typed.py "anyfs ca=t|my=disk.img|/etc/mo=td" ">out.$name" "out.$name" $shell
	wait_for grep -q hello "out.$name"
	# shellcheck disable=SC2086
	run python3 typed.py "anyfs-lspart --by=tes|my=disk.img" ">parts.$name" "parts.$name" $shell
	wait_for grep -q ext4 "parts.$name"
done
