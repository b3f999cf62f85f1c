import { describeRealServers } from '../../contract/real-servers/scenarios.ts';
import { startDynamoDbLocal } from '../ledger-dynamodb-local/dynamodb-local.ts';

describeRealServers('DynamoDB Local, SNS and Signals API', startDynamoDbLocal);
