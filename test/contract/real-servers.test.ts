import { startDynalite } from './local-table.ts';
import { describeRealServers } from './real-servers/scenarios.ts';

describeRealServers('the embedded table, SNS and Signals API', startDynalite);
