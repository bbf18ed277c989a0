import { NativeFailure } from '../client/natives';
import type { Env } from '../host/env';
import { reaches } from '../host/profiles';
import { bytesOfBase64, randomWord } from '../text';
import type { Any } from '../types';
import { asyncApi } from './callbacks';

/** A red pixel. */
export const SMALL_PICTURE = bytesOfBase64(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
);

interface ChosenPhoto {
  path: string;
  size: number;
}

/** chooseImage and chooseMedia return the host's photos; where there are none, the user cancels. */
export function mediaApis(env: Env): Record<string, (args: Any) => unknown> {
  const table: Record<string, (args: Any) => unknown> = {
    chooseImage: asyncApi(env, 'chooseImage', ({ count = 9 }) => ({
      perform() {
        const photos = choose(env, count as number);
        return { tempFilePaths: photos.map(({ path }) => path), tempFiles: photos };
      },
    })),
    previewImage: asyncApi(env, 'previewImage', () => ({ perform: () => ({}) })),
    ...(reaches(env.profile, '2.4.0') ? { compressImage: compressImage(env) } : {}),
  };
  if (!env.profile.chooseMedia) return table;
  table.chooseMedia = asyncApi(env, 'chooseMedia', ({ count = 9 }) => ({
    perform() {
      const photos = choose(env, count as number);
      const tempFiles = photos.map(({ path, size }) => ({ tempFilePath: path, size, fileType: 'image' }));
      return { tempFiles, type: 'image' };
    },
  }));
  return table;
}

function choose(env: Env, count: number): ChosenPhoto[] {
  const chosen = env.photos.slice(0, count);
  if (chosen.length === 0) throw new NativeFailure('cancel');
  return chosen.map((photo) => {
    const path = `wxfile://tmp_${randomWord()}${typeof photo === 'string' ? extension(photo) : '.png'}`;
    env.files.give(path, typeof photo === 'string' ? { path: photo } : photo);
    return { path, size: env.files.read(path).length };
  });
}

const extension = (path: string): string => /\.\w+$/.exec(path)?.[0] ?? '';

const compressImage = (env: Env): ((args: Any) => unknown) =>
  asyncApi(env, 'compressImage', ({ src }) => ({
    perform() {
      const copy = `wxfile://tmp_${randomWord()}${extension(src as string)}`;
      env.files.give(copy, env.files.read(src as string));
      return { tempFilePath: copy };
    },
  }));
