/**
 * What named hosts want of a member besides what `wx` wants. Every host is given it: hosts ignore parameters that they do
 * not know. docs/en/other-hosts.md shows this table.
 */

/** A row of the table, beside the parameter that it is about. */
interface HostNeed {
  /** As docs/en/other-hosts.md names it. */
  host: string;
  /** The host's version from which on it is wanted. */
  since: string;
  source: string;
}

/** The parameters of `uploadFile`, by their names. Alipay's temporary files end in their kind, for example `.video`. */
export function uploadNeeds(filePath: string): { fileType: 'image' | 'video' | 'audio' } {
  const isVideo = /\.(video|mp4|mov|m4v)$/i.test(filePath);
  return {
    fileType: isVideo ? 'video' : /\.(audio|mp3|m4a|aac|wav|amr)$/i.test(filePath) ? 'audio' : 'image',
  };
}

/** What the built files do not have of the table: one row for each parameter, or it does not compile. */
export const UPLOAD_NEEDS: Record<keyof ReturnType<typeof uploadNeeds>, HostNeed> = {
  fileType: {
    host: 'Alipay, also behind `Taro`, `uni`',
    since: 'always',
    source: 'documentation of `my.uploadFile`, where it is required',
  },
};
