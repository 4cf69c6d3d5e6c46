#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# root: LVM2 writes to block devices only, which are loop devices here
#
# The volumes of an LVM2 group have the bytes that were written to them: linear and
# striped volumes, snapshots and thin volumes.  The build machine needs no device
# mapper: LVM2 writes the metadata without activating it, and thin_restore and this
# test make the stores of snapshots and pools.
# shellcheck source=tests/image/lib-lvm.sh
. "${0%/*}/lib-lvm.sh"
requires thin_restore -V
lvm_tool() { run own_lvm "$@" >&2; }
volumes() { program image/lvm "$@"; }

# Attach loop devices to pv0 and pv1, run the command, detach.
with_devices() {
	local n loop status=0
	for n in 0 1; do
		loop=$(losetup -f --show "pv$n")
		lvm_device "pv$n" "$loop"
	done
	"$@" || status=$?
	for n in 0 1; do
		losetup -d "$(losetup -j "pv$n" | cut -d: -f1)"
		rm "dev/pv$n"
	done
	return $status
}

# volume NAME STATUS SEGMENT: print the description of a volume in the metadata
volumes_made=0
volume() {
	volumes_made=$((volumes_made + 1))
	printf '%s { id = "gOgHfx-piDF-lzgE-XUYH-5CjX-7F7V-%06d" status = ["READ", "WRITE"%s]\n' \
		"$1" $volumes_made "$2"
	printf 'segment_count = 1 segment1 { start_extent = 0 %s } }\n' "$3"
}
linear() { echo "extent_count = $1 type = \"striped\" stripe_count = 1 stripes = [ \"pv0\", $2 ]"; }
shown=', "VISIBLE"'
ids=(YxP5DW-TXhN-VGQr-iV5Q-qZ6L-IpIY-H3NSjB e2qnPL-gAkF-TBU1-mXA2-FKid-sKt6-X8eU3K)

metadata() {
	local n
	echo 'contents = "Text Format Volume Group" version = 1'
	echo 'vg { id = "KSy9RK-LhBh-4eof-vZvC-3xze-eOFz-aCdH2W" seqno = 7 format = "lvm2"'
	echo 'status = ["RESIZEABLE", "READ", "WRITE"] extent_size = 2048 max_lv = 0 max_pv = 0'
	echo 'metadata_copies = 0 physical_volumes {'
	for n in 0 1; do
		echo "pv$n { id = \"${ids[n]}\" device = \"x\" status = [\"ALLOCATABLE\"]"
		echo 'dev_size = 262144 pe_start = 2048 pe_count = 127 }'
	done
	echo '} logical_volumes {'
	volume origin "$shown" "$(linear 16 0)"
	volume snap "" "$(linear 4 16)"
	volume snapshot0 "" 'extent_count = 16 type = "snapshot" chunk_size = 8
		origin = "origin" cow_store = "snap"'
	volume pool "$shown" 'extent_count = 32 type = "thin-pool" metadata = "pool_tmeta"
		pool = "pool_tdata" transaction_id = 1 chunk_size = 128 zero_new_blocks = 1'
	volume pool_tmeta "" "$(linear 4 20)"
	volume pool_tdata "" "$(linear 32 24)"
	volume thin "$shown" 'extent_count = 64 type = "thin" thin_pool = "pool"
		transaction_id = 0 device_id = 1'
	volume striped "$shown" 'extent_count = 8 type = "striped" stripe_count = 2
		stripe_size = 128 stripes = [ "pv0", 60, "pv1", 0 ]'
	echo '} }'
}

write_group() {
	local n
	for n in 0 1; do
		lvm_tool pvcreate --driverloaded n --uuid "${ids[n]}" --restorefile meta "$PWD/dev/pv$n"
	done
	lvm_tool vgcfgrestore --driverloaded n --force -f meta vg
}

truncate -s 128M pv0 pv1
metadata >meta
with_devices write_group

truncate -s 4M thin.meta
cat >thin.xml <<'EOX'
<superblock uuid="" time="0" transaction="1" data_block_size="128" nr_data_blocks="512">
  <device dev_id="1" mapped_blocks="3" transaction="0" creation_time="0" snap_time="0">
    <single_mapping origin_block="0" data_block="7" time="0"/>
    <range_mapping origin_begin="100" data_begin="20" length="2" time="0"/>
  </device>
</superblock>
EOX
run thin_restore -q -i thin.xml -o thin.meta
python3 - <<'EOP'
# Fill the extents (1 MiB each, after 1 MiB of labels); *.want is the expected content
# of the volumes.
import os, struct
M, STRIPE, CHUNK = 1 << 20, 65536, 4096
pv0, pv1 = (open(f"pv{n}", "r+b") for n in (0, 1))

def put(pv, extent, data):
    pv.seek((1 + extent) * M)
    pv.write(data)

def want(name, data):
    open(name + ".want", "wb").write(data)

origin = os.urandom(16 * M)
put(pv0, 0, origin)
want("origin", origin)

# A persistent store of a snapshot (drivers/md/dm-snap-persistent.c): a header chunk, a chunk
# of (old, new) pairs, and the chunks that were kept.
store, snap = bytearray(4 * M), bytearray(origin)
struct.pack_into("<IIII", store, 0, 0x70416e53, 1, 1, CHUNK // 512)
for i, (old, new) in enumerate([(3, 2), (9, 3)]):
    kept = os.urandom(CHUNK)
    struct.pack_into("<QQ", store, CHUNK + 16 * i, old, new)
    store[new * CHUNK:(new + 1) * CHUNK] = kept
    snap[old * CHUNK:(old + 1) * CHUNK] = kept
put(pv0, 16, store)
want("snap", snap)

pool, thin = os.urandom(32 * M), bytearray(64 * M)
put(pv0, 20, open("thin.meta", "rb").read())
put(pv0, 24, pool)
for at, block in [(0, 7), (100, 20), (101, 21)]:
    thin[at * STRIPE:(at + 1) * STRIPE] = pool[block * STRIPE:(block + 1) * STRIPE]
want("thin", thin)

parts = [os.urandom(4 * M), os.urandom(4 * M)]
put(pv0, 60, parts[0])
put(pv1, 0, parts[1])
want("striped", b"".join(parts[n % 2][n // 2 * STRIPE:][:STRIPE] for n in range(8 * M // STRIPE)))
EOP
sha256sum pv0 pv1 >sums

volumes pv0,pv1 | expect "origin striped 16777216
snap snapshot 16777216
thin thin 67108864
striped striped 8388608"
for name in origin snap thin striped; do
	run volumes pv0,pv1 "$name" got
	same got "$name.want"
done

# Members are identified by their UUIDs, not by their order.
run volumes pv1,pv0 striped got
same got striped.want

# Without its second member the group opens, and the volumes that need it give a reason.
run volumes pv0 thin got
same got thin.want
refused() {
	if (volumes "$1" "$2" got) 2>err; then
		fail "$2 was opened, despite $3"
	fi
	grep -q "$4" err || fail "$3: the reason is not given: $(cat err)"
}
refused pv0 striped "a missing stripe" \
	"group/striped: physical volumes that it needs are missing"

run sha256sum -c --quiet sums

# The same with the tools: a volume is a name in the path, at any depth.
mkdir tree
echo inside >tree/name
image_ext4 tree fs.img 16M
dd if=fs.img of=pv0 bs=1M seek=1 conv=notrunc status=none
sha256sum pv0 >sums
run anyfs ls pv0 / | expect "origin
snap
striped
thin"
run anyfs cat pv0 /origin/name | expect inside
run anyfs parts pv0 | matches '^/origin  *striped .* ext4 ' || fail "parts does not list the content of a volume"
refuse "there is no \"none\"|/origin" anyfs ls pv0 /none
refuse "physical volumes that it needs are missing" anyfs ls pv0 /striped

requires qemu-img --version
printf words >key
luks_image pv0 luks.img
truncate -s 160M disk.img
run sgdisk -n 3:2048:+140M disk.img >/dev/null
dd if=luks.img of=disk.img bs=1M seek=1 conv=notrunc status=none
sha256sum disk.img >>sums
run anyfs cat --key /p3:file:key disk.img /p3/origin/name | expect inside
run anyfs ls -R --key file:key disk.img /p3/origin >list
grep -q '^/p3/origin' list || grep -q name list || fail "a volume is not listed: $(cat list)"
run sha256sum -c --quiet sums

# Write through all layers, and read again.
echo new >file
run anyfs put --key file:key disk.img file /p3/origin
run anyfs cat --key file:key disk.img /p3/origin/file | expect new
