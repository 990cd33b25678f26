const { SNSClient, CreateTopicCommand } = require('@aws-sdk/client-sns');

test('there is a topic', () => new SNSClient({}).send(new CreateTopicCommand({ Name: 'x' })));
