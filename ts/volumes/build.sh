#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh BUILD - volumes.wasm: keys of LUKS and BitLocker, metadata of LVM2 and RAID arrays
#
# The C is that of lib/crypt and lib/image, so that a page opens what the tools open, with the
# same limits for hostile headers.  The hashes and Argon2 are in this directory; json-c is
# compiled from Debian's source.  wasi-libc provides malloc and strings.
set -euo pipefail
export LC_ALL=C

here=$(cd "${0%/*}" && pwd)
top=${here%/ts/volumes}
build=$(realpath -m "${1:?usage: build.sh BUILD}")
dir=$build/ts/volumes
out=$build/lib/anyfs/volumes.wasm
json=$("$top/tools-dev/debian-source" json-c)

cc=(clang-19 --target=wasm32-wasi --sysroot=/usr -nostdlibinc -isystem "$here/include"
	-isystem "$top/ts/formats/include" -isystem "$dir/include" -isystem /usr/include/wasm32-wasi
	-idirafter /usr/include -idirafter "/usr/include/$(gcc -print-multiarch)" -O2 -mbulk-memory)
# Compile our files with warnings, but not those of json-c.
ours=(-Wall -Wextra -Wno-unused-parameter -Werror -I "$here")
for directory in include lib/crypt lib/image lib/block lib/host lib/util kernel/abi; do
	ours+=(-I "$top/$directory")
done
sources=("$here"/*.c "$top"/ts/formats/libc.c "$top"/lib/util/{blake2b,error}.c
	"$top"/lib/crypt/{crypt,digest,kdf,keyslot,luks1,luks2,luks2-json,luks2-tags,bitlocker,bitlocker-key}.c
	"$top"/lib/image/{crypt-map,crypt-source,crypt-tags,klog,mapper,lvm-config,lvm-group,lvm-label,lvm-table,md-array,md-members,md-super}.c)
json_sources=("$json"/{arraylist,json_object,json_tokener,json_util,linkhash,printbuf,strerror_override}.c)

mkdir -p "$dir/include/json-c"
cp "$json"/*.h "$dir/include/json-c"
cp "$here/include/config.h" "$dir/include/json-c"
# Leave out the functions for JSON pointers.
sed 's/@[A-Z_]*@//' "$json/json.h.cmakein" >"$dir/include/json-c/json.h"
echo '#define JSON_C_HAVE_INTTYPES_H 1' >"$dir/include/json-c/json_config.h"
objects=()
compile() {
	local object=$dir/${1##*/}
	object=${object%.c}.o
	objects+=("$object")
	"${cc[@]}" "${@:2}" -c "$1" -o "$object"
}
for file in "${sources[@]}"; do
	compile "$file" "${ours[@]}"
done
for file in "${json_sources[@]}"; do
	compile "$file" -w -I "$dir/include/json-c"
done
wasm-ld-19 --no-entry --gc-sections --strip-all -z stack-size=262144 --max-memory=4294967296 \
	"${objects[@]}" /usr/lib/wasm32-wasi/libc.a \
	"$(clang-19 -print-resource-dir)/lib/wasi/libclang_rt.builtins-wasm32.a" -o "$out"
