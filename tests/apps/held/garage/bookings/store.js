'use strict';
var AWS = require('aws-sdk');
var docs = new AWS.DynamoDB.DocumentClient({ apiVersion: '2012-08-10' });

function Store(table) {
  if (!(this instanceof Store)) return new Store(table);
  this.table = table;
}

Store.prototype.byBay = function (bay, start) {
  var self = this;
  return docs
    .query({
      TableName: self.table,
      IndexName: 'bays',
      KeyConditionExpression: 'bay = :bay',
      ExpressionAttributeValues: { ':bay': bay },
      ExclusiveStartKey: start,
    })
    .promise()
    .then(function (page) {
      if (!page.LastEvaluatedKey) return page.Items;
      return self.byBay(bay, page.LastEvaluatedKey).then(function (rest) { return page.Items.concat(rest); });
    });
};

Store.prototype.byDays = function (days) {
  var params = { RequestItems: {} };
  params.RequestItems[this.table] = { Keys: days.map(function (day) { return { day: day }; }) };
  return docs.batchGet(params).promise();
};

Store.prototype.remove = function (day) {
  return docs.delete({ TableName: this.table, Key: { day: day } }).promise();
};

exports.Store = Store;
exports.open = function () { return Store(process.env.SLOTS); };
