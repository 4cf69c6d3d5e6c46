// SPDX-License-Identifier: GPL-2.0
/*
 * bridge.d.ts - the functions that the preload script gives to the page, as window.anyfsDesktop
 *
 * The page names an image by an id.  Only the main process makes ids, for files that the user
 * has chosen, so the page cannot open any other file.
 */

/** An image of this computer that the user has chosen. */
export interface DesktopImage {
  /** Valid until the program ends. */
  id: string;
  name: string;
  path: string;
  /** Bytes of the file or device. */
  size: number;
}

/** A disk of this computer. */
export interface BlockDevice {
  path: string;
  /** Vendor and model that the device reports; "" if it reports none. */
  model: string;
  size: number;
  removable: boolean;
  readOnly: boolean;
  /** The device, or a partition of it, is mounted or used as swap. */
  mounted: boolean;
  /** This user may read the device. */
  readable: boolean;
}

export interface BlockDevices {
  devices: BlockDevice[];
  /**
   * A text: which devices are not listed or cannot be read, why, and how the user can get access.
   * "" if none.
   */
  note: string;
}

export interface RecentImage {
  path: string;
  name: string;
  /** Milliseconds since 1970. */
  opened: number;
}

export interface Desktop {
  /** The image that the window was opened with; null: none. */
  firstImage(): Promise<DesktopImage | null>;
  /** Show the dialog to open a file; null: the user has closed it. */
  chooseImage(): Promise<DesktopImage | null>;
  /** The image of a file that was dropped or pasted; null: it is not a file of this computer. */
  imageOfFile(file: File): Promise<DesktopImage | null>;
  blockDevices(): Promise<BlockDevices>;
  /** @param path of one of blockDevices() */
  imageOfDevice(path: string): Promise<DesktopImage>;
  /** Images that were remembered, the most recent first. */
  recentImages(): Promise<RecentImage[]>;
  /** @param path of one of recentImages() */
  imageOfRecent(path: string): Promise<DesktopImage>;
  /** Add an image to the recent images of the program and of the system. */
  remember(id: string): Promise<void>;
  /** Forget all recent images. */
  forget(): Promise<void>;
  /**
   * Start a process that opens the image, and connect it.  The page gets the port in a message
   * event of its window whose data is { anyfsPort: request }.
   */
  connect(id: string, request: number): Promise<void>;
  /** Ask the user, in a dialog of the system, whether the image itself may be written. */
  allowWriting(id: string, request: number): Promise<boolean>;
  /** Call @listener with an image that the user has opened elsewhere. */
  onImage(listener: (image: DesktopImage) => void): void;
  /** Call @listener with the number of each connection whose process has ended. */
  onClosed(listener: (request: number) => void): void;
}
