#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh BUILD [JOBS] - compile kernel.wasm from Debian's kernel source with clang
#
# Uses the source, patches, overlay and configuration of the native kernel
# (kernel/build.sh), and adds patches/, overlay/, append/ and wasm.config of this
# directory.  These are not in kernel/, because any change there rebuilds the native
# kernel.  Results:
#
#	BUILD/lib/anyfs/kernel.wasm
#	BUILD/lib/anyfs/unpack.o	the kernel's decoders, a part of formats.wasm
#
# A cache keeps the results under a hash of everything that they are made from:
# $ANYFS_CACHE-wasm, by default ~/.cache/anyfs-wasm.
set -euo pipefail
export LC_ALL=C

here=$(cd "${0%/*}" && pwd)
top=${here%/ts/kernel}
kernel=$top/kernel
build=$(realpath -m "${1:?usage: build.sh BUILD [JOBS]}")
jobs=${2:-$(nproc)}
cache=${ANYFS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/anyfs}-wasm
package=linux-source-6.12
tarball=/usr/src/$package.tar.xz
src=$build/kernel/src-wasm
dir=$build/kernel/wasm
log=$build/kernel/wasm.log
out=$build/lib/anyfs/kernel.wasm
unpack=$build/lib/anyfs/unpack.o
glue=$top/lib/host/wasm/glue.c
fragments=("$kernel"/configs/{base,fs-core,nommu,fs-all,devices,crypto}.config "$here/wasm.config")

die() { echo "ts/kernel/build.sh: $*" >&2; exit 1; }

[ -r "$tarball" ] || die "$tarball not found: install the package $package (make deps)"

# ccache ignores the path of BUILD, so that another checkout finds the same objects.
export CCACHE_BASEDIR=$build CCACHE_NOHASHDIR=1
cc=$here/cc

content_hash() {
	{
		dpkg-query -W -f '${Package} ${Version}\n' "$package" clang-19 lld-19 2>/dev/null ||
			sha256sum <"$tarball"
		cd "$top"
		find ts/kernel kernel/overlay kernel/abi kernel/patches lib/host/wasm -type f \
			-print0 | sort -z | xargs -0 sha256sum
		cat "${fragments[@]}"
	} | sha256sum | cut -c1-32
}

patches() {
	grep -v '^#' "$kernel/patches/series" | sed "s|^|$kernel/patches/|"
	printf '%s\n' "$here"/patches/*.patch
}

apply() {
	patch -d "$1" -p1 -F0 -s --no-backup-if-mismatch <"$2" ||
		die "${2#"$top"/} does not apply to this $package"
}

# Unpack beside the old tree and copy the files whose content differs, so that after a
# change of a patch only the files that it changes are built again.
unpack() {
	local new=$src.new key patch
	key="$(stat -c %s.%Y "$tarball") $(patches | xargs cat | sha256sum)"
	[ "$(cat "$src/.unpacked" 2>/dev/null)" != "$key" ] || return 0
	echo "kernel.wasm: unpacking $package"
	rm -rf "$new"
	mkdir -p "$new" "$src"
	tar -xf "$tarball" -C "$new" --strip-components=1
	for patch in $(patches); do
		apply "$new" "$patch"
	done
	rsync -a --no-times --checksum --delete --exclude /arch/lkl "$new/" "$src/"
	rm -rf "$new"
	echo "$key" >"$src/.unpacked"
}

# Copy the native kernel's arch/lkl and overlay/ into the source, and append the files of
# append/ to those of the same name.
copy_arch() {
	local new=$src.arch file
	rm -rf "$new"
	mkdir -p "$new/arch/lkl"
	rsync -a "$kernel/overlay/arch/lkl/" "$here/overlay/arch/lkl/" "$new/arch/lkl/"
	cp "$kernel"/abi/*.h "$new/arch/lkl/include/asm/"
	(cd "$here/append" && find . -type f) | while read -r file; do
		cat "$here/append/$file" >>"$new/arch/lkl/$file"
	done
	rsync -r --links --checksum --delete "$new/arch/lkl/" "$src/arch/lkl/"
	rm -rf "$new"
}

kmake() {
	# Kbuild does not know clang's target for this architecture: CLANG_TARGET_FLAGS_lkl.
	# A fixed date, user, host and count: the same input gives the same object.
	make -C "$src" ARCH=lkl O="$dir" LLVM=-19 CC="$cc" \
		CLANG_TARGET_FLAGS_lkl=wasm32-unknown-unknown -j"$jobs" \
		KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=anyfs \
		KBUILD_BUILD_HOST=anyfs KBUILD_BUILD_VERSION=1 "$@" >"$log" 2>&1
}

# If several lines set the same option, the last one counts, as in Kconfig.
configure() {
	awk '
		match($0, /CONFIG_[A-Za-z0-9_]+/) && /^(# )?CONFIG_[A-Za-z0-9_]+(=| is not set)/ {
			name = substr($0, RSTART, RLENGTH)
			if (!(name in line))
				order[++n] = name
			line[name] = $0
		}
		END { for (i = 1; i <= n; i++) print line[order[i]] }
	' "${fragments[@]}" >"$dir/fragments.config"
	! cmp -s "$dir/fragments.config" "$dir/fragments.used" || return 0
	KCONFIG_ALLCONFIG=$dir/fragments.config kmake allnoconfig ||
		{ tail -30 "$log" >&2; die "cannot configure"; }
	"$kernel/check-config" "$dir/.config" "$dir/fragments.config" ||
		die "options were lost"
	cp "$dir/fragments.config" "$dir/fragments.used"
}

# Kbuild does not notice a change of the options that cc adds: compile everything again.
use_options() {
	cat "$here/cc" "$here/small" >"$dir/options"
	! cmp -s "$dir/options" "$dir/options.used" || return 0
	find "$dir" -name '*.[oa]' -delete
	cp "$dir/options" "$dir/options.used"
}

# The decoders of deflate and zstd, which need nothing else of the kernel.
link_unpack() {
	(cd "$dir" && wasm-ld-19 -r arch/lkl/wasm/unpack.o lib/zlib_inflate/inf*.o \
		lib/zstd/{common,decompress}/*.o lib/zstd/zstd_{common,decompress}_module.o \
		lib/xxhash.o -o "$unpack")
}

# Keep the five newest; it is not an error if the cache cannot be written.
to_cache() {
	mkdir -p "$cache" 2>/dev/null || return 0
	cp "$unpack" "$cache/$hash.o" 2>/dev/null || return 0
	cp "$out" "$cache/.new.$$" 2>/dev/null || return 0
	mv "$cache/.new.$$" "$cache/$hash.wasm"
	find "$cache" -name '*.wasm' -printf '%T@ %p\n' | sort -rn | tail -n +6 | cut -d' ' -f2- |
		while read -r old; do rm -f "$old" "${old%.wasm}.o"; done
}

mkdir -p "$dir" "$build/lib/anyfs"
exec 9>"$build/kernel/.lock-wasm"
flock 9
hash=$(content_hash)
stamp=$build/kernel/.built-wasm
[ "$(cat "$stamp" 2>/dev/null)" != "$hash" ] || [ ! -f "$out" ] || exit 0
if [ -f "$cache/$hash.wasm" ] && [ -f "$cache/$hash.o" ]; then
	echo "kernel.wasm: taken from $cache"
	cp "$cache/$hash.wasm" "$out"
	cp "$cache/$hash.o" "$unpack"
else
	start=$SECONDS
	unpack
	copy_arch
	configure
	use_options
	echo "kernel.wasm: compiling"
	kmake objects || {
		grep -E 'error|warning:|undefined' "$log" | head -30 >&2
		die "kernel.wasm does not build; the whole log is $log"
	}
	"$here/link.sh" "$dir" "$glue" "$out.new"
	link_unpack
	mv "$out.new" "$out"
	echo "kernel.wasm: built in $((SECONDS - start)) s with $jobs jobs"
	to_cache
fi
echo "$hash" >"$stamp"
