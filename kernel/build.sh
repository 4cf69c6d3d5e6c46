#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh BUILD [JOBS] [TARBALL] - compile the kernel objects from Debian's kernel source
#
# TARBALL replaces the source of the installed package.
#
# Unpacks the source, copies overlay/ over it, applies patches/series without
# fuzz, and builds each flavour from its configuration fragments.  Results:
#
#	BUILD/lib/anyfs/kernel.so, kernel-nommu.so	stripped
#	BUILD/kernel/FLAVOUR/vmlinux			with symbols, for debuggers
#	BUILD/include/lkl/, BUILD/gen/lkl_syscalls.c	by uapi/install.sh
#
# The results depend on this directory, the source package and the compiler, and are
# kept in a cache under their hash: $ANYFS_CACHE, by default ~/.cache/anyfs.  Another
# checkout on the same machine takes them from there.
set -euo pipefail
export LC_ALL=C

here=$(cd "${0%/*}" && pwd)
package=linux-source-6.12
build=$(realpath -m "${1:?usage: build.sh BUILD [JOBS] [TARBALL]}")
jobs=${2:-$(nproc)}
tarball=${3:-/usr/src/$package.tar.xz}
cache=${ANYFS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/anyfs}

# Each flavour with its fragments.
flavours=(nommu mmu)
# shellcheck disable=SC2034 # configure_flavour uses the names
fragments_nommu=(base fs-core nommu)
# shellcheck disable=SC2034
fragments_mmu=(base fs-core mmu fs-all devices crypto serve)
declare -A object=([mmu]=kernel.so [nommu]=kernel-nommu.so)

die() { echo "kernel/build.sh: $*" >&2; exit 1; }

[ -r "$tarball" ] || die "$tarball not found: install the package $package (make deps)"

# ccache ignores the path of BUILD, so that another checkout finds the same objects.
export CCACHE_BASEDIR=$build CCACHE_NOHASHDIR=1
cc=gcc
command -v ccache >/dev/null && cc="ccache gcc"

content_hash() {
	{
		if [ "$tarball" != "/usr/src/$package.tar.xz" ] ||
		   ! dpkg-query -W -f '${Package} ${Version}\n' "$package" gcc binutils 2>/dev/null; then
			sha256sum <"$tarball"
		fi
		gcc --version | head -1
		cd "$here"
		find . -type f ! -name '*.md' ! -name check-versions -print0 | sort -z | xargs -0 sha256sum
	} | sha256sum | cut -c1-32
}

stamp=$build/kernel/.built
mkdir -p "$build/kernel"
exec 9>"$build/kernel/.lock"
flock 9
results=(lib/anyfs/kernel.so lib/anyfs/kernel-nommu.so include/lkl gen/lkl_syscalls.c)

# The results may be missing although the stamp is there: only build/kernel was copied.
is_built() {
	local r

	[ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] || return 1
	for r in "${results[@]}"; do
		[ -e "$build/$r" ] || return 1
	done
}

# The names of the patches, in order.
series() {
	grep -v '^#' "$here/patches/series"
}

# Unpack beside the old tree and copy the files whose content differs, so that after a
# change of a patch only the files that it changes are built again.
unpack() {
	local src=$build/kernel/src new=$build/kernel/src.new patch patches key
	patches=$(cd "$here/patches" && { cat series && series | xargs cat; } | sha256sum)
	key="$(stat -c %s.%Y "$tarball") $patches"
	if [ "$(cat "$src/.unpacked" 2>/dev/null)" != "$key" ]; then
		echo "kernel: unpacking $package"
		rm -rf "$new"
		mkdir -p "$new"
		tar -xf "$tarball" -C "$new" --strip-components=1
		for patch in $(series); do
			patch -d "$new" -p1 -F0 -s --no-backup-if-mismatch <"$here/patches/$patch" ||
				die "patch $patch does not apply to this $package"
		done
		echo "kernel: $(series | wc -l) patches"
		if [ -d "$src" ]; then
			rm -f "$src/.unpacked"
			rsync -a --no-times --checksum --delete --exclude /arch/lkl "$new/" "$src/"
			rm -rf "$new"
		else
			mv "$new" "$src"
		fi
		echo "$key" >"$src/.unpacked"
	fi
	# --checksum, so that only changed files are built again.
	rsync -r --links --checksum --delete "$here/overlay/arch/lkl/" "$src/arch/lkl/" \
		--exclude include/asm/lkl_abi.h --exclude include/asm/lkl_cpu.h
	rsync -c "$here"/abi/*.h "$src/arch/lkl/include/asm/"
}

kmake() {
	local flavour=$1
	shift
	# A fixed date, user, host and count: the same input gives the same object.
	make -C "$build/kernel/src" ARCH=lkl O="$build/kernel/$flavour" CC="$cc" -j"$jobs" \
		KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=anyfs \
		KBUILD_BUILD_HOST=anyfs KBUILD_BUILD_VERSION=1 "$@"
}

configure_flavour() {
	local flavour=$1 dir=$build/kernel/$1 log=$build/kernel/$1.log files=() f
	local -n names=fragments_$flavour

	for f in "${names[@]}"; do
		files+=("$here/configs/$f.config")
	done
	mkdir -p "$dir"
	cat "${files[@]}" >"$dir/fragments.config"
	if ! cmp -s "$dir/fragments.config" "$dir/fragments.used"; then
		KCONFIG_ALLCONFIG=$dir/fragments.config kmake "$flavour" allnoconfig >"$log" 2>&1 ||
			{ tail -30 "$log" >&2; die "cannot configure the $flavour flavour"; }
		"$here/check-config" "$dir/.config" "${files[@]}" ||
			die "options of the $flavour flavour were lost"
		cp "$dir/fragments.config" "$dir/fragments.used"
	fi
}

build_flavour() {
	local flavour=$1 dir=$build/kernel/$1 log=$build/kernel/$1.log

	configure_flavour "$flavour"
	echo "kernel: building the $flavour flavour"
	kmake "$flavour" vmlinux >"$log" 2>&1 || {
		grep -E 'error|warning:|undefined' "$log" | head -30 >&2
		die "the $flavour flavour does not build; the whole log is $log"
	}
	strip -o "$build/lib/anyfs/.new" "$dir/vmlinux"
	mv "$build/lib/anyfs/.new" "$build/lib/anyfs/${object[$flavour]}"
}

from_cache() {
	[ -e "$cache/$hash/complete" ] || return 1
	echo "kernel: taken from $cache/$hash"
	local r
	for r in "${results[@]}"; do
		mkdir -p "$build/${r%/*}"
		rsync -a --checksum --delete "$cache/$hash/$r" "$build/${r%/*}/" 2>/dev/null ||
			rsync -a --checksum "$cache/$hash/$r" "$build/"
	done
}

# Keep the five newest; it is not an error if the cache cannot be written.
to_cache() {
	local new=$cache/.$hash.$$ r
	mkdir -p "$new" 2>/dev/null || return 0
	for r in "${results[@]}"; do
		mkdir -p "$new/$(dirname "$r")"
		cp -a "$build/$r" "$new/$(dirname "$r")/"
	done
	touch "$new/complete"
	mv -T "$new" "$cache/$hash" 2>/dev/null || rm -rf "$new"
	find "$cache" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn |
		tail -n +6 | cut -d' ' -f2- | xargs -r rm -rf
}

hash=$(content_hash)
is_built && exit 0
mkdir -p "$build/lib/anyfs" "$build/include" "$build/gen"
if ! from_cache; then
	start=$SECONDS
	unpack
	for flavour in "${flavours[@]}"; do
		build_flavour "$flavour"
	done
	"$here/uapi/install.sh" "$build/kernel/src" "$build/kernel/mmu" \
		"$build/include" "$build/gen/lkl_syscalls.c"
	echo "kernel: built in $((SECONDS - start)) s with $jobs jobs"
	to_cache
fi
echo "$hash" >"$stamp"
