/** A session with the relay. @returns its token */
export async function openSession(url) {
  const answer = await globalThis.fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ credential: { type: 'user', value: 'bench' } }),
  });
  const { token } = await answer.json();
  if (!token) throw new Error(`No session: HTTP ${answer.status}`);
  return token;
}
