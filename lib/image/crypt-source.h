/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crypt-source.h - the bytes of an encrypted device, for the functions of crypt.h
 */
#ifndef ANYFS_IMAGE_CRYPT_SOURCE_H
#define ANYFS_IMAGE_CRYPT_SOURCE_H

#include "crypt.h"
#include "device.h"

/* A source that reads @d, which must stay open as long as the source is used. */
struct crypt_source crypt_source_of(const struct device *d);

#endif /* ANYFS_IMAGE_CRYPT_SOURCE_H */
