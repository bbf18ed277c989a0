/** JSON files that people write: read with the places of their values, and checked by a JSON schema. */
export { formatPlace, placeAt, type FaultPlace } from './fault-place';
export { JsonSyntaxError, parseJsonFile, type JsonFile, type JsonNode, type JsonPath } from './json-file';
export { findFault, type Schema, type SchemaFault } from './schema';
