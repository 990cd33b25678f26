import os

import boto3

transcribe = boto3.client("transcribe")


def handler(event, context):
    key = event["key"]
    transcribe.start_transcription_job(
        TranscriptionJobName=key.replace("/", "-"),
        IdentifyLanguage=True,
        Media={"MediaFileUri": f"s3://{os.environ['UPLOAD_BUCKET']}/{key}"},
        OutputBucketName=os.environ["TEXT_BUCKET"],
        OutputKey="transcripts/",
    )
    return {"started": key}
