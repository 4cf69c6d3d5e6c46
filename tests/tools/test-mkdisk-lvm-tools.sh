#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# root: LVM2 reads block devices only, which are loop devices here
#
# The programs of LVM2 find no error in a volume group that anyfs mkdisk has made, and change it.
# shellcheck source=tests/image/lib-lvm.sh
. "${0%/*}/../image/lib-lvm.sh"

lvm_tool() {
	own_lvm "$@" --driverloaded n 2>err || fail "lvm $*: $(cat err)"
}
words() { tr -s ' ' | sed 's/^ //; s/ $//'; }
quiet() { sed '/Activation disabled/d' err | expect ""; }

run anyfs mkdisk disk.img --size 140M --part a:none:10M --part pv:lvm:rest:vg=vg0 \
	--lv vg0/root:ext4:60M:label=root --lv vg0/data:vfat:33M
loop=$(losetup -f --show -o 11M --sizelimit 128M disk.img)
at_exit "losetup -d $loop"
lvm_device pv "$loop"

lvm_tool pvck "$PWD/dev/pv" >label
quiet
matches "Found text metadata area: offset=4096, size=1044480" <label || fail "$(cat label)"
lvm_tool vgck vg0 | expect ""
quiet
lvm_tool pvs --noheadings --units m -o pv_name,vg_name,pv_size,pv_free,pv_in_use | words |
	expect "$PWD/dev/pv vg0 124.00m 28.00m used"
lvm_tool lvs --noheadings --units m -o lv_name,lv_size,segtype,seg_pe_ranges | words | sort |
	expect "data 36.00m linear $PWD/dev/pv:15-23
root 60.00m linear $PWD/dev/pv:0-14"

echo "LVM2 changes the group, and anyfs reads it:"
lvm_tool lvcreate -an -Zn -Wn -n more -l 2 vg0 >&2
lvm_tool lvextend -l +1 vg0/root >&2
lvm_tool vgrename vg0 vg1 >&2
lvm_tool vgck vg1 | expect ""
losetup -d "$loop"
wait_for anyfs parts disk.img
run anyfs parts disk.img | awk '{ print $1, $3 }' | tail -n +3 | expect "/p2 128M
/p2/root 64M
/p2/data 36M
/p2/more 8.0M"
run anyfs fsck disk.img /p2/root >/dev/null
