/** JSON files that people write: read with the locations of their values, and checked by a JSON schema. */
export { formatLocation, locationAt, type SourceLocation } from './source-location';
export { JsonSyntaxError, parseJsonFile, type JsonFile, type JsonNode } from './json-file';
export { fillDefaults, findFault, resolveReferences, type Schema } from './schema';
