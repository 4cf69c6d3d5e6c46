/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_WASM_LINKAGE_H
#define _ASM_WASM_LINKAGE_H

/* WebAssembly code has no addresses, hence a label has none that could be taken. */
#define _THIS_IP_	0UL

#endif
