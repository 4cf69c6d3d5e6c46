#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# `make lint` accepts an interface that has grown, and rejects one that has lost a
# function or has changed the layout of a struct.
. "${0%/*}/../lib.sh"
requires abidiff --version

# Copy the checks to a separate tree, in which the stored interface is changed instead of the
# library.
mkdir -p tests/library tools-dev build
cp -r "$ANYFS_TOP/tools-dev/lint.d" tools-dev/
cp "$ANYFS_TOP/tests/library/libanyfs.abignore" tests/library/
ln -s "$ANYFS_TOP/include" include
ln -s "$ANYFS_BUILD/lib" "$ANYFS_BUILD/include" build/
run tools-dev/lint.d/abi.sh --store
run tools-dev/lint.d/abi.sh
xz -d <tests/library/libanyfs.abi.xz >now.abi

# stored_with PYTHON: store a changed interface; PYTHON changes the text `abi`
stored_with() {
	python3 - "$1" <<'END' || fail "$1 changes nothing in the stored interface"
import re, sys
abi = before = open("now.abi").read()
exec(sys.argv[1])
open("then.abi", "w").write(abi)
sys.exit(abi == before)
END
	xz -c then.abi >tests/library/libanyfs.abi.xz
}

# rejects NAME: the check fails and prints NAME
rejects() {
	tools-dev/lint.d/abi.sh >out 2>&1 && fail "a change of $1 is accepted"
	grep -q "$1" out || fail "the report does not name $1: $(cat out)"
}

# The stored struct lacks a member that the library's struct has.
stored_with '
one = re.search(r"<class-decl name=.anyfs_image_opts. size-in-bits.*?</class-decl>", abi, re.S)[0]
less = one[:one.rindex("<data-member")]
offset = re.findall(r"layout-offset-in-bits=.(\d+)", one)[-1]
less = re.sub(r"(size-in-bits=.)\d+", rf"\g<1>{offset}", less, count=1)
abi = abi.replace(one, less + "</class-decl>")'
run tools-dev/lint.d/abi.sh
stored_with 'abi = abi.replace("anyfs_version", "anyfs_edition")'
rejects anyfs_edition
stored_with 'abi = re.sub(r"(name=.AnyfsMount. size-in-bits=.)\d+", r"\g<1>1024", abi)'
rejects AnyfsMount
