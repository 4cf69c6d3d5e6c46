// SPDX-License-Identifier: GPL-2.0
//
// acl.js - POSIX access control lists, which node:fs lacks
//
// The attribute has the layout of include/uapi/linux/posix_acl_xattr.h: a version of 32 bits,
// then for each entry a tag and permissions of 16 bits and an id of 32 bits.

'use strict';

const calls = require('./calls.js');
const check = require('./validate.js');
const xattr = require('./xattr.js');
const { argType, argValue } = require('./errors.js');

const VERSION = 2;
const HEADER = 4;
const ENTRY = 8;
const NO_ID = 0xffffffff;

// Tags in the order that the kernel demands; only entries with `named` tags have an id.
const TAGS = [
  { tag: 'user', named: false, value: 0x01 },
  { tag: 'user', named: true, value: 0x02 },
  { tag: 'group', named: false, value: 0x04 },
  { tag: 'group', named: true, value: 0x08 },
  { tag: 'mask', named: false, value: 0x10 },
  { tag: 'other', named: false, value: 0x20 },
];
const MASK = 0x10;
const GROUP_CLASS = 0x02 | 0x04 | 0x08;

const attribute = (isDefault) => isDefault ? 'system.posix_acl_default' : 'system.posix_acl_access';

function isDefault(options) {
  return check.boolean(check.object(options ?? {}).default ?? false, 'options.default');
}

function fromMode(mode) {
  return [{ tag: 'user', perms: mode >> 6 & 7 }, { tag: 'group', perms: mode >> 3 & 7 },
          { tag: 'other', perms: mode & 7 }];
}

function decode(bytes) {
  const entries = [];
  for (let at = HEADER; at + ENTRY <= bytes.length; at += ENTRY) {
    const value = bytes.readUInt16LE(at);
    const known = TAGS.find((each) => each.value === value);
    entries.push({ tag: known?.tag ?? value, perms: bytes.readUInt16LE(at + 2),
                   ...(known?.named && { id: bytes.readUInt32LE(at + 4) }) });
  }
  return entries;
}

/** Convert an entry to the numbers that the attribute stores: tag, permissions, id. */
function parse(entry, name) {
  if (typeof entry !== 'object' || entry === null)
    throw argType(name, 'of type object', entry);
  const { tag, id, perms } = entry;
  const known = TAGS.find((each) => each.tag === tag && each.named === (id !== undefined));
  if (!known)
    throw argValue(`${name}.tag`, entry, 'is not a tag of an ACL, or has an unexpected id');
  return { value: known.value, perms: check.integer(perms, `${name}.perms`, 0, 7),
           id: known.named ? check.integer(id, `${name}.id`, 0, NO_ID - 1) : NO_ID };
}

/**
 * Named entries need a mask: the default is the union of the permissions of the group class.
 */
function addMask(entries) {
  const hasNamed = entries.some(({ id }) => id !== NO_ID);
  if (!hasNamed || entries.some(({ value }) => value === MASK))
    return;
  const perms = entries.reduce((all, each) => each.value & GROUP_CLASS ? all | each.perms : all, 0);
  entries.push({ value: MASK, perms, id: NO_ID });
}

function encode(list) {
  const entries = list.map((entry, index) => parse(entry, `entries[${index}]`));
  addMask(entries);
  entries.sort((a, b) => a.value - b.value || a.id - b.id);
  const bytes = Buffer.alloc(HEADER + ENTRY * entries.length);
  bytes.writeUInt32LE(VERSION, 0);
  entries.forEach(({ value, perms, id }, index) => {
    const at = HEADER + ENTRY * index;
    bytes.writeUInt16LE(value, at);
    bytes.writeUInt16LE(perms, at + 2);
    bytes.writeUInt32LE(id, at + 4);
  });
  return bytes;
}

const NONE = new Set(['ENODATA', 'EOPNOTSUPP']);

/**
 * Get the ACL of a file; without an ACL, make one from its mode.  The default ACL of a directory
 * may be empty.
 */
function* getacl(core, path, options) {
  const wantsDefault = isDefault(options);
  try {
    return decode(yield* xattr.getxattr(core, path, attribute(wantsDefault)));
  } catch (error) {
    if (!NONE.has(error.code))
      throw error;
  }
  const { mode } = yield* calls.stat(core, path);
  return wantsDefault ? [] : fromMode(mode);
}

/** Replace the ACL; an empty default ACL is removed. */
function* setacl(core, path, entries, options) {
  const toDefault = isDefault(options);
  if (!Array.isArray(entries))
    throw argType('entries', 'an instance of Array', entries);
  const bytes = encode(entries);
  if (entries.length || !toDefault)
    return yield* xattr.setxattr(core, path, attribute(toDefault), bytes);
  try {
    yield* xattr.removexattr(core, path, attribute(true));
  } catch (error) {
    if (!NONE.has(error.code))
      throw error;
  }
}

module.exports = { getacl, setacl };
