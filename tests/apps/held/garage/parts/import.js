const AWS = require('aws-sdk');
const { pipeline, Transform } = require('stream');
const { promisify } = require('util');
const zlib = require('zlib');

AWS.config.update({ maxRetries: 5 });

const here = new AWS.S3({ apiVersion: '2006-03-01' });
const supplier = new AWS.S3({
  credentials: new AWS.ChainableTemporaryCredentials({ params: { RoleArn: process.env.SUPPLIER_ROLE, RoleSessionName: 'parts' } }),
});
const db = new AWS.DynamoDB();

const lines = () => {
  let rest = '';
  return new Transform({
    readableObjectMode: true,
    transform(chunk, _, done) {
      const [...found] = (rest + chunk).split('\n');
      rest = found.pop();
      found.forEach((line) => this.push(line));
      done();
    },
  });
};

const write = async (rows) => {
  for await (const row of rows) {
    const [id, name] = row.split(';');
    const request = db.putItem({ TableName: process.env.CUSTOMERS, Item: { id: { S: id }, name: { S: name } } });
    request.on('error', (error) => console.error(error.code));
    await request.promise();
  }
};

async function one({ s3: { bucket, object } }) {
  const Key = decodeURIComponent(object.key.replace(/\+/g, ' '));
  const source = here.getObject({ Bucket: bucket.name, Key }).createReadStream();
  await promisify(pipeline)(source, zlib.createGunzip(), lines(), write);
  await supplier.putObjectTagging({ Bucket: 'supplier-parts', Key, Tagging: { TagSet: [{ Key: 'read', Value: 'yes' }] } }).promise();
  here.upload({ Bucket: bucket.name, Key: 'done/' + Key, Body: '' }, (error, done) => {
    if (error) console.error(error);
    else here.deleteObject({ Bucket: bucket.name, Key }, () => console.log(done.Location));
  });
}

exports.handler = (event, context, callback) => {
  Promise.all(event.Records.map(one)).then(() => callback(null), callback);
};
