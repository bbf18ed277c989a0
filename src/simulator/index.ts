/** A host as strict as the real one, for tests and the demo. */
export { createHost } from './node/create-host';
export { createCloudServer } from './cloud-server/server';
export { makeSecurityKeys } from './platform/security';
export { composePush } from './platform/push';
export { createPlatformServer } from './platform/server';
export { PROFILES } from './host/profiles';
export { assertBilled, assertCalledService, assertUploaded } from './assertions/assert';
export { matchers } from './assertions/matchers';
export { ProviderError } from './market/types';
export type { HostMatchers } from './assertions/matchers';
export type { Profile } from './host/profiles';
export type { FailReply, Fault, FaultEffect } from './client/faults';
export type {
  Bill,
  MarketChannel,
  MarketMessage,
  MarketSettings,
  Provider,
  ProviderContext,
} from './market/types';
export type { Cloud, CloudContext, CloudFile, CloudFunction, CloudOptions } from './cloud/types';
export type { FormFile, HandlerContext, HttpHandler, HttpRequest, HttpResponse } from './network/types';
export type { CloudServer, CloudServerOptions } from './cloud-server/types';
export type { PluginDeclaration, PluginPackage } from './plugins/types';
export type { OtherHost } from './host/other-hosts';
export type { FileContent, HostOptions, Permission, Photo, PlatformName } from './host/options';
export type * from './types';
export type {
  Account,
  ComponentControl,
  ComponentSettings,
  PlatformEffect,
  PlatformFault,
  PlatformOptions,
  PlatformRequest,
  PlatformServer,
  PushSettings,
  PushTry,
  SecuritySettings,
} from './platform/types';
