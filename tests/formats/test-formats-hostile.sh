#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Hostile images are refused with one error line, and randomly damaged images crash
# no program.
. "${0%/*}/lib-formats.sh"
requires python3 --version
mkdir tree
seq 1 100000 >tree/numbers
image_ext4 tree disk.img 16M
run qemu-img convert -O qcow2 "$img" disk.qcow2
run qemu-img convert -c -O qcow2 "$img" packed.qcow2
run qemu-img convert -c -o compression_type=zstd -O qcow2 "$img" zstd.qcow2
run qemu-img convert -o extended_l2=on,cluster_size=16k -O qcow2 "$img" sub.qcow2
run qemu-img convert -O vdi "$img" disk.vdi
run qemu-img convert -O vpc "$img" disk.vhd
run qemu-img convert -O vmdk "$img" disk.vmdk
run qemu-img convert -O vmdk -o subformat=streamOptimized "$img" stream.vmdk
run qemu-img convert -O vhdx -o block_size=1M "$img" disk.vhdx

# poke FILE OFFSET HEX: copy FILE to bad.FILE and write the bytes HEX at OFFSET.
poke() {
	cp "$1" "bad.$1"
	python3 -c 'import sys; f = open(sys.argv[1], "r+b"); f.seek(int(sys.argv[2])); f.write(bytes.fromhex(sys.argv[3]))' \
		"bad.$1" "$2" "$3"
}
check() {
	local text=$1
	shift
	poke "$@"
	refuse "bad.$1: $text" timeout 300 anyfs ls "bad.$1" /
}
refuse() {		# like refuse() of lib.sh, but the command may be timeout
	local text=$1 code=0
	shift
	"$@" >refuse.out 2>refuse.err </dev/null || code=$?
	[ "$code" -ge 1 ] && [ "$code" -le 123 ] || fail "exit $code: $*: $(cat refuse.err)"
	[ "$(wc -l <refuse.err)" -eq 1 ] || fail "not one line: $(cat refuse.err)"
	grep -qF "$text" refuse.err || fail "no \"$text\" in: $(cat refuse.err)"
}
check 'version 9' disk.qcow2 4 00000009
check 'the qcow2 header is damaged: its clusters' disk.qcow2 20 00000040
check "the qcow2 header is damaged: the disk's size" disk.qcow2 24 ffffffffffffffff
check 'the qcow2 header is damaged: its first table is too short' disk.qcow2 24 0000100000000000
check 'the qcow2 header is damaged: its first table is larger' disk.qcow2 36 7fffffff
check 'the qcow2 header is damaged: its first table is not at' disk.qcow2 40 0000000000030001
check 'needs features of qcow2' disk.qcow2 72 8000000000000000
check 'compression type 7' disk.qcow2 104 07
check 'the qcow2 header is damaged: the name of the backing file' disk.qcow2 8 00000000000002000000ffff
check 'reading' disk.qcow2 40 00ffffffffff0000
check 'the VDI header is damaged: the size of a block' disk.vdi 376 03000000
check 'the VDI header is damaged: its table is too short' disk.vdi 368 ffffffffffffff0f
check 'the VDI header is damaged: its table ends' disk.vdi 384 ffffffff
head -c 300000 disk.qcow2 >cut.qcow2
refuse 'cut.qcow2' anyfs ls cut.qcow2 /
head -c 40 disk.qcow2 >cut.qcow2
refuse 'cut.qcow2' anyfs ls cut.qcow2 /

check 'the VMDK header is damaged: the size of a grain' disk.vmdk 20 0300000000000000
check "the VMDK header is damaged: the disk's size" disk.vmdk 12 ffffffffffffffff
check 'the VMDK header is damaged: its grain directory' disk.vmdk 56 ffffffff00000000

for image in disk.qcow2 packed.qcow2 zstd.qcow2 sub.qcow2 disk.vdi disk.vhd disk.vmdk stream.vmdk \
	disk.vhdx; do
	mutate "$image" 1 120
done
