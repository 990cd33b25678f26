import { S3Client, GetObjectCommand, PutObjectCommand, HeadObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { Upload } from '@aws-sdk/lib-storage';

class Photos {
  static #shared;
  #s3 = new S3Client({});
  bucket = process.env.PHOTOS;
  prefix = 'cars';

  static get shared() {
    return (Photos.#shared ??= new Photos());
  }

  #at = (id) => ({ Bucket: this.bucket, Key: `${this.prefix}/${id}.jpg` });

  link(id) {
    return getSignedUrl(this.#s3, new GetObjectCommand(this.#at(id)), { expiresIn: 300 });
  }

  form(id) {
    return createPresignedPost(this.#s3, { ...this.#at(`new-${id}`), Conditions: [['content-length-range', 0, 1e7]] });
  }

  async keep(id, url) {
    const answer = await fetch(url);
    const upload = new Upload({ client: this.#s3, params: { ...this.#at(id), Body: answer.body } });
    upload.on('httpUploadProgress', ({ loaded }) => console.debug(loaded));
    return upload.done();
  }

  async has(id) {
    try {
      await this.#s3.send(new HeadObjectCommand(this.#at(id)));
      return true;
    } catch ({ name }) {
      if (name === 'NotFound') return false;
      throw new Error(name);
    }
  }

  drop(id) {
    return this.#s3.send(new DeleteObjectCommand(this.#at(id)));
  }
}

const verbs = {
  async GET(id) {
    return (await Photos.shared.has(id)) ? { url: await Photos.shared.link(id) } : undefined;
  },
  POST: (id) => Photos.shared.form(id),
  ['PUT']: async (id, { url }) => ({ etag: (await Photos.shared.keep(id, url)).ETag }),
};

export async function handler(event) {
  const { method } = event.requestContext.http;
  const answer = await verbs[method]?.(event.pathParameters.id, JSON.parse(event.body || '{}'));
  return answer ? { statusCode: 200, body: JSON.stringify(answer) } : { statusCode: 404 };
}

export const unused = (key) => new S3Client({}).send(new PutObjectCommand({ Bucket: 'elsewhere', Key: key }));
