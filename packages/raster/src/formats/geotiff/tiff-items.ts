import { ascii, type TiffField } from './tiff-fields.js';

/** Tags of TIFF that hold text, by the metadata item of the default domain that GDAL shows them as. */
export const textTags: Readonly<Record<string, number>> = {
  TIFFTAG_DOCUMENTNAME: 269,
  TIFFTAG_IMAGEDESCRIPTION: 270,
  TIFFTAG_SOFTWARE: 305,
  TIFFTAG_DATETIME: 306,
  TIFFTAG_ARTIST: 315,
  TIFFTAG_HOSTCOMPUTER: 316,
  TIFFTAG_COPYRIGHT: 33432,
};

/** The items that have tags of their own as fields, and those that are left for GDAL's metadata tag. */
export function splitTextTags(items: Readonly<Record<string, string>>): {
  readonly fields: readonly TiffField[];
  readonly rest: Record<string, string>;
} {
  const fields: TiffField[] = [];
  const rest: Record<string, string> = {};
  for (const [name, value] of Object.entries(items)) {
    const tag = textTags[name];
    if (tag === undefined) rest[name] = value;
    else if (value !== '') fields.push(ascii(tag, value));
  }
  return { fields, rest };
}
