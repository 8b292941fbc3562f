export { createDatabase, type DatabaseOptions, type TestDatabase } from './database.js';
export { eventually, type EventuallyOptions } from './eventually.js';
export { freePort, freePorts } from './free-port.js';
export { client, type HttpClient, type HttpOptions, type HttpReply } from './http-client.js';
export { startKafka, type KafkaCluster, type KafkaNode, type KafkaOptions } from './kafka-server.js';
export { startPostgres, type PostgresServer } from './postgres-server.js';
export { openSocket, UpgradeRefused, type Closed, type SocketClient, type SocketOptions } from './socket-client.js';
export { testTokens, type TestTokens, type TokenClaims } from './tokens.js';
