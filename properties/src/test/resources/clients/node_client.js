// Connects, writes, reads, watches, locks, and survives a restart of the server, by
// node-zookeeper-client. Arguments: the server's address. Says "restart" when the server is to be
// restarted, "done" at the end.
'use strict';
const assert = require('assert');
const readline = require('readline');
const zookeeper = require('node-zookeeper-client');

const client = zookeeper.createClient(process.argv[2], {sessionTimeout: 10000, retries: 20});
const call = (name, ...args) =>
    new Promise((resolve, reject) =>
        client[name](...args, (error, ...found) => (error ? reject(error) : resolve(found))));
const connected = () => new Promise((resolve) => client.once('connected', resolve));
const restarted = () =>
    new Promise((resolve) =>
        readline.createInterface({input: process.stdin}).once('line', resolve));

async function lock(name) {
  const [mine] =
      await call('create', `/node/lock/${name}-`, null, zookeeper.CreateMode.EPHEMERAL_SEQUENTIAL);
  const [all] = await call('getChildren', '/node/lock');
  assert.strictEqual(`/node/lock/${all.sort()[0]}`, mine);
  return mine;
}

async function main() {
  const first = connected();
  client.connect();
  await first;
  await call('create', '/node', Buffer.from('one'), zookeeper.CreateMode.PERSISTENT);
  await assert.rejects(call('create', '/node', null, zookeeper.CreateMode.PERSISTENT));
  const told = new Promise((resolve) => {
    call('getData', '/node', resolve).then(([data]) => assert.strictEqual(`${data}`, 'one'));
  });
  await call('setData', '/node', Buffer.from('two'), -1);
  assert.strictEqual((await told).getName(), 'NODE_DATA_CHANGED');
  await new Promise((resolve, reject) =>
      client.transaction()
          .create('/node/lock')
          .setData('/node', Buffer.from('three'), -1)
          .commit((error) => (error ? reject(error) : resolve())));
  const mine = await lock('one');
  const session = client.getSessionId().toString('hex');
  const again = connected();
  console.log('restart');
  await restarted();
  await again;
  assert.strictEqual(`${(await call('getData', '/node'))[0]}`, 'three');
  assert.ok((await call('exists', mine))[0]);
  assert.strictEqual(client.getSessionId().toString('hex'), session);
  await call('remove', mine, -1);
  client.close();
  console.log('done');
  setTimeout(() => process.exit(0), 200);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
