/** Apps that frameworks build for other hosts from the fixtures, each built once for a file of tests. */
import { join } from 'node:path';
import { buildFixture } from '../../support/build-fixture';
import { cleanUpAfterSuite } from '../../support/cleanup';

/** An app that its framework builds. */
export interface Framework {
  title: string;
  /** The folder of test/toolchain that has the framework. */
  tools: string;
  /** @returns the folder of what was built, which goes with the suite */
  build(): string;
}

const UNI_APP = 'node_modules/@dcloudio/vite-plugin-uni/bin/uni.js';
const TARO = 'node_modules/@tarojs/cli/bin/taro';

function taro(framework: 'react' | 'vue3', type: 'h5' | 'alipay' | 'tt', title: string): Framework {
  const fixtures = ['other-hosts', 'taro-app', `taro-app-${framework}`];
  const command = [TARO, 'build', '--type', type];
  return {
    title,
    tools: 'taro',
    build: () =>
      join(buildFixture(fixtures, 'taro', command, { FRAMEWORK: framework }, cleanUpAfterSuite), 'dist'),
  };
}

export const H5_APPS: Framework[] = [
  {
    title: 'uni-app with Vue 3',
    tools: 'uni-app',
    build: () =>
      join(
        buildFixture(['other-hosts', 'uni-app-h5'], 'uni-app', [UNI_APP, 'build'], {}, cleanUpAfterSuite),
        'dist/build/h5',
      ),
  },
  taro('react', 'h5', 'Taro with React'),
  taro('vue3', 'h5', 'Taro with Vue 3'),
];

export const ALIPAY_APP = taro('react', 'alipay', 'Taro for Alipay');
export const DOUYIN_APP = taro('react', 'tt', 'Taro for Douyin');
