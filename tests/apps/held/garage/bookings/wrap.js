'use strict';

/** Turn what a function returns or throws into an answer for API Gateway. */
module.exports = function wrap(fn, options) {
  const headers = Object.assign({ 'Content-Type': 'application/json' }, options && options.headers);
  return function (event, context, callback) {
    context.callbackWaitsForEmptyEventLoop = false;
    return Promise.resolve()
      .then(() => fn.call(this, event, context))
      .then((body) => callback(null, { statusCode: 200, headers, body: JSON.stringify(body) }))
      .catch((err) => callback(null, { statusCode: err.statusCode || 500, headers, body: err.message }));
  };
};
