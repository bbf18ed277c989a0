import { LIBRARIES, isLaidOut } from './libraries';
import { openReal, openSimulated } from './observe';
import { differences } from './compare';
import { GROUPS } from './scripts';
void (async () => {
  for (const library of LIBRARIES.filter(isLaidOut)) {
    if (process.argv[2] && library.version !== process.argv[2]) continue;
    for (const platform of ['android', 'ios'] as const) {
      let n = 0,
        d = 0;
      for (const scripts of GROUPS) {
        const real = await openReal(library, platform);
        const sim = await openSimulated(library, platform);
        for (const script of scripts) {
          n++;
          const a = await real.observe(script),
            b = await sim.observe(script);
          const list = differences(a, b);
          if (list.length) d++;
          for (const { place, real: r, simulated: s } of list)
            console.log(
              library.version,
              platform,
              '|',
              script.name,
              '|',
              place,
              '|',
              JSON.stringify(r)?.slice(0, 150),
              '|',
              JSON.stringify(s)?.slice(0, 150),
            );
        }
        await real.close();
        await sim.close();
      }
      console.log('##', library.version, platform, n, 'scripts', d, 'differ');
    }
  }
})();
