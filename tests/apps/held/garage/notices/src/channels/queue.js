const { SQSClient: Client, SendMessageBatchCommand, GetQueueUrlCommand } = require('@aws-sdk/client-sqs');

const client = new Client();

async function* commands({ texts }) {
  for (let at = 0; at < texts.length; at += 10) {
    yield new SendMessageBatchCommand({
      QueueUrl: process.env.QUEUE,
      Entries: texts.slice(at, at + 10).map((text, n) => ({ Id: `${n}`, MessageBody: text })),
    });
  }
}

const find = (QueueName) => client.send(new GetQueueUrlCommand({ QueueName }));

module.exports = { client, commands, find };
