"""Work for later: queued in the transaction that wants it, done by a worker, mails and webhooks included."""

from engine.jobs.clean_up import clean_up
from engine.jobs.entry import Job
from engine.jobs.kind import KINDS, JobKind, job
from engine.jobs.mail import FileMail, Letter, Mail, SmtpMail
from engine.jobs.outbound import Answer, Outbound, post
from engine.jobs.ports import Ports, ports_of
from engine.jobs.queue import (
    cancel_job,
    current_job,
    enqueue,
    get_job,
    list_jobs,
    retry_job,
    set_progress,
)
from engine.jobs.send_mail import send_mail
from engine.jobs.webhooks import Endpoint, change_webhook, get_webhook, renew_secret, send_webhook
from engine.jobs.worker import Worker

__all__ = [
    "KINDS",
    "Answer",
    "Endpoint",
    "FileMail",
    "Job",
    "JobKind",
    "Letter",
    "Mail",
    "Outbound",
    "Ports",
    "SmtpMail",
    "Worker",
    "cancel_job",
    "change_webhook",
    "clean_up",
    "current_job",
    "enqueue",
    "get_job",
    "get_webhook",
    "job",
    "list_jobs",
    "ports_of",
    "post",
    "renew_secret",
    "retry_job",
    "send_mail",
    "send_webhook",
    "set_progress",
]
