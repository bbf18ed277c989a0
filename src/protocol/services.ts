import type { JsonValue } from './data';
import type { WellKnownServices } from './well-known-services';

declare global {
  /**
   * 自己的服务：在项目中补充声明后，`service`、`api`、`data` 和返回值都有补全和检查
   *
   * Your own services: what is declared here completes and is checked, in `wx.serviceMarket`, in the import and in
   * plugins alike
   *
   * @example
   * interface ServiceMarketServices {
   *   wx0123456789abcdef: {
   *     readAll: { data: { url: string; language?: 'zh' | 'en' }; answer: { pages: number } };
   *   };
   * }
   */
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- projects fill it in
  interface ServiceMarketServices {}
}

type Services = WellKnownServices & ServiceMarketServices;

/** 服务 ID；已知的会补全，其他的也可以 · A service: the known ones complete, every other is accepted */
export type ServiceId = keyof Services | (string & {});

/** 服务 `S` 的接口名；已知的会补全，其他的也可以 · An api of the service: the known ones complete, every other is accepted */
export type ApiName<S> = S extends keyof Services ? keyof Services[S] | (string & {}) : string;

/** `unknown`, spelt so that it does not swallow what it stands beside in a union. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- everything but null and undefined
type Anything = {} | null | undefined;

/** What is declared about an api: `{data, answer}`, or several of them where the answer depends on `data`. */
type Declared<S, A> = S extends keyof Services
  ? A extends keyof Services[S]
    ? Services[S][A]
    : never
  : never;

/** The `data` that is declared for an api; anything where nothing is. */
export type DataOf<S, A> = [S] extends [keyof Services]
  ? [A] extends [keyof Services[S]]
    ? Services[S][A] extends { data: infer Data }
      ? Data
      : Anything
    : Anything
  : Anything;

/** A declared api is never called without `data`. */
export type NeededData<S, A> = Anything extends DataOf<S, A> ? unknown : { data: unknown };

/**
 * Lets the compiler infer `D`, the type of the `data` that the page passes, and is `never` afterwards: `data` is then
 * checked against what is declared alone, so that errors name its fields. The object keeps `ocr_type: 8` from
 * becoming a number.
 */
export type Inferred<D> = [D] extends [never] ? D | { [field: string]: '' | 0 | boolean } : never;

/** The answer for the one of several declarations that `D` fits; an interface may use its `this['data']`. */
type AnswerIn<Declaration, D> = Declaration extends { data: infer Data }
  ? D extends Data
    ? (Declaration & { data: D })['answer' & keyof Declaration]
    : never
  : never;

/** The answer of a call: `R` where the page names it, else what is declared for the service, api and data. */
export type AnswerOf<R, S, A, D> = [R] extends [never]
  ? [AnswerIn<Declared<S, A>, D>] extends [never]
    ? JsonValue
    : AnswerIn<Declared<S, A>, D>
  : R;
