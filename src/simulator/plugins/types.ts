/** A built plugin that is in the app's package. */
export interface PluginPackage {
  /** The plugin's appid. */
  appid: string;
  /** Folder that holds plugin.json. */
  root: string;
  /** Origins that the plugin itself may reach. @default none */
  domains?: string[];
  /** Declares the plugin under this name at once, where no app.json does. */
  name?: string;
  /** The declared version. @default '1.0.0' */
  version?: string;
  /** The host file that `requireMiniProgram()` returns, for the declaration by `name`; absolute. */
  export?: string;
}

/** An entry of `plugins` in app.json. */
export interface PluginDeclaration {
  /** The plugin's appid. */
  provider: string;
  version?: string;
  /** The host file that `requireMiniProgram()` returns; absolute. */
  export?: string;
}
