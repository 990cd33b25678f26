import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import ssm from '@middy/ssm';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Repository, env } from '../shared/index.js';
import type { Track } from '../shared/model.js';

class Playlist extends Repository<Track> {
  popular = (least: number): Promise<Track[]> => this.all('plays > ?', least);

  override async touch(id: string): Promise<void> {
    await super.touch(id, { ConditionExpression: 'attribute_exists(id)' });
  }

  async clear(): Promise<void> {
    await this.all('1 = 1');
  }
}

const playlist = new Playlist(env('TRACKS'), 25);

async function base(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const least = Number(event.queryStringParameters?.least ?? 10);
  const found = await playlist.popular(least);
  await Promise.all(found.map(({ id }) => playlist.touch(id)));
  return { statusCode: 200, body: JSON.stringify(found) };
}

export const handler = middy()
  .use(httpErrorHandler())
  .use(ssm({ fetchData: { limits: '/radio/limits', banned: '/radio/banned' }, setToContext: true }))
  .handler(base);
