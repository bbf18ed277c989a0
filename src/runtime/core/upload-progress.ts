import { has } from './host';

/** An owner of `uploadFile` for callHost that tells the progress of the transfer, where the host tells. */
export function watched(owner: any, sent: (bytes: number, of: number) => void): object {
  return {
    uploadFile(parameters: object) {
      const task = owner.uploadFile(parameters);
      if (has(task, 'onProgressUpdate')) {
        task.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }: any) => {
          // Some hosts tell the percentage alone.
          if (totalBytesExpectedToSend) sent(totalBytesSent, totalBytesExpectedToSend);
        });
      }
      return task;
    },
  };
}
