'use strict';

const AWS = require('aws-sdk');

const s3 = new AWS.S3({ signatureVersion: 'v4' });
const documents = new AWS.DynamoDB.DocumentClient();

function find(key) {
  return documents
    .get({ TableName: process.env.FILES_TABLE, Key: { key } })
    .promise()
    .then((answer) => answer.Item);
}

exports.handler = async (event) => {
  const key = event.pathParameters.key;
  const file = await find(key);
  if (!file) {
    return { statusCode: 404 };
  }
  const url = s3.getSignedUrl('getObject', {
    Bucket: process.env.ARCHIVE_BUCKET,
    Key: 'packed/' + key + '.gz',
    Expires: 300,
  });
  return { statusCode: 302, headers: { Location: url } };
};

exports.cleanUp = function (event, context, callback) {
  s3.deleteObject({ Bucket: process.env.ARCHIVE_BUCKET, Key: event.key }, callback);
};
