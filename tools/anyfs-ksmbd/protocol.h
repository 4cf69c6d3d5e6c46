/* SPDX-License-Identifier: GPL-2.0 */
/*
 * protocol.h - the messages between the SMB server of the kernel and its daemon
 *
 * fs/smb/server/ksmbd_netlink.h of the kernel defines them; it is not exported to user
 * space, so this file declares the parts that are used.  Each message is one attribute of
 * a generic netlink message, and both have the number of the event.
 */
#ifndef ANYFS_KSMBD_PROTOCOL_H
#define ANYFS_KSMBD_PROTOCOL_H

#include <stdint.h>

#define FAMILY_NAME		"SMBD_GENL"
#define FAMILY_VERSION		1
#define ACCOUNT_SIZE		48
#define HASH_SIZE		18
#define SHARE_SIZE		64

enum event {
	EVENT_STARTING_UP = 2,
	EVENT_LOGIN = 4,		/* an answer has the number of its question plus 1 */
	EVENT_SHARE = 6,
	EVENT_TREE_CONNECT = 8,
	EVENT_TREE_DISCONNECT = 10,
	EVENT_LOGOUT = 11,
	EVENT_RPC = 12,
	EVENT_LOGIN_EXT = 16,
};

/* Flags of the whole server. */
#define SERVER_LEASES		(1u << 0)
#define SERVER_ENCRYPTION	(1u << 1)	/* all messages are encrypted */
#define SERVER_DURABLE		(1u << 4)

#define SIGNING_AUTO		2
#define SIGNING_MANDATORY	3

struct startup {
	uint32_t flags;
	int32_t signing;
	char min_protocol[16], max_protocol[16];
	char netbios_name[16], work_group[64], server_string[64];
	uint16_t tcp_port, ipc_timeout;
	uint32_t deadtime;		/* idle minutes until a client is disconnected */
	uint32_t file_max;
	uint32_t max_write, max_read, max_trans;	/* bytes */
	uint32_t fake_capabilities;
	uint32_t sub_auth[3];		/* parts of the server's security identifier */
	uint32_t max_credits, direct_io_size, max_connections;
	int8_t bind_interfaces_only;
	uint32_t max_ip_connections;
	char reserved[499];
	uint32_t interfaces_size;
	char interfaces[];		/* names, each with its zero */
} __attribute__((packed));

/* Flags of a user. */
#define USER_OK			(1u << 0)
#define USER_BAD_PASSWORD	(1u << 1)
#define USER_BAD_USER		(1u << 3)
#define USER_GUEST		(1u << 4)
#define USER_DELAY		(1u << 5)	/* the next failure is answered after 5 seconds */

struct login_request {
	uint32_t handle;
	char account[ACCOUNT_SIZE];
	uint32_t reserved[16];
};

struct login_response {
	uint32_t handle;
	uint32_t gid, uid;
	char account[ACCOUNT_SIZE];
	uint16_t status;		/* USER_* */
	uint16_t hash_size;
	char hash[HASH_SIZE];
	uint32_t reserved[16];
};

struct logout_request {
	char account[ACCOUNT_SIZE];
	uint32_t flags;			/* USER_* */
	uint32_t reserved[16];
};

/* Flags of a share. */
#define SHARE_AVAILABLE		(1u << 0)
#define SHARE_BROWSEABLE	(1u << 1)
#define SHARE_WRITEABLE		(1u << 2)
#define SHARE_READONLY		(1u << 3)
#define SHARE_GUEST_OK		(1u << 4)
#define SHARE_DOS_ATTRIBUTES	(1u << 6)
#define SHARE_OPLOCKS		(1u << 7)
#define SHARE_PIPE		(1u << 8)
#define SHARE_STREAMS		(1u << 11)
#define SHARE_CROSS_MOUNTS	(1u << 15)

#define SHARE_NO_ID		0xffffu		/* users and groups are not changed */

struct share_request {
	uint32_t handle;
	char share[SHARE_SIZE];
	uint32_t reserved[16];
};

struct share_response {
	uint32_t handle;
	uint32_t flags;			/* SHARE_*; 0: there is no such share */
	uint16_t create_mask, directory_mask, force_create_mode, force_directory_mode;
	uint16_t force_uid, force_gid;
	char share[SHARE_SIZE];
	uint32_t reserved[111];
	uint32_t payload_size, veto_size;
	char path[];
};

#define TREE_OK			0
#define TREE_NO_SHARE		2
#define TREE_NO_USER		3

/* Flags of a client's connection to a share. */
#define TREE_GUEST		(1u << 0)
#define TREE_READ_ONLY		(1u << 1)
#define TREE_WRITABLE		(1u << 2)

struct tree_request {
	uint32_t handle;
	uint16_t account_flags, flags;
	uint64_t session, connect;
	char account[ACCOUNT_SIZE], share[SHARE_SIZE], peer[64];
	uint32_t reserved[16];
};

struct tree_end {
	uint64_t session, connect;
	uint32_t reserved[16];
};

struct tree_response {
	uint32_t handle;
	uint16_t status, flags;
	uint32_t reserved[16];
};

/* Requests to a pipe; an answer has one of the results in flags. */
#define RPC_SRVSVC		(1u << 1)
#define RPC_WKSSVC		(1u << 2)
#define RPC_IOCTL		(1u << 3)
#define RPC_OPEN		(1u << 4)
#define RPC_WRITE		(1u << 5)
#define RPC_READ		(1u << 6)
#define RPC_CLOSE		(1u << 7)
#define RPC_RESTRICTED		(1u << 9)	/* for a guest */
#define RPC_SAMR		(1u << 10)
#define RPC_LSARPC		(1u << 11)
#define RPC_PIPES		(RPC_SRVSVC | RPC_WKSSVC | RPC_SAMR | RPC_LSARPC)

#define RPC_OK			0
#define RPC_BAD_FID		6
#define RPC_NO_MEMORY		8
#define RPC_NOT_IMPLEMENTED	0x40

struct rpc_message {
	uint32_t handle, flags, size;
	uint8_t data[];
};

#endif /* ANYFS_KSMBD_PROTOCOL_H */
