/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tar-verbs.h - the verbs that anyfs runs through the program anyfs-tar
 */
#ifndef ANYFS_TAR_VERBS_H
#define ANYFS_TAR_VERBS_H

#include "tool.h"

#define TAR_PROGRAM		"libexec/anyfs/anyfs-tar"	/* relative to the prefix */
#define TAR_IN_SUMMARY		"unpack a tar archive from standard input"
#define TAR_OUT_SUMMARY		"write a file or tree as a tar archive to standard output"
#define OCI_IN_SUMMARY		"unpack a container image"
#define OCI_OUT_SUMMARY		"write a tree as a container image"

extern const struct verb verb_tar_in, verb_tar_out, verb_oci_in, verb_oci_out;

#endif /* ANYFS_TAR_VERBS_H */
