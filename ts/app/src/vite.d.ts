// SPDX-License-Identifier: GPL-2.0
/// <reference types="vite/client" />
