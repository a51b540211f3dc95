"""Sets of actions that, held together, make more of somebody than he is, or carry data away.

From the paths that pathfinding.cloud, Prowler and Cloudsplaining publish (2025-12), those that need no more than what
an identity's policies say; written anew, by what they lead to.
"""

from collections.abc import Mapping
from typing import Final

from seatrial.rules.facts.passing import PASSING

ESCALATIONS: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    "give itself a policy": tuple(
        frozenset({action})
        for action in (
            "iam:AttachGroupPolicy",
            "iam:AttachRolePolicy",
            "iam:AttachUserPolicy",
            "iam:CreatePolicyVersion",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteUserPermissionsBoundary",
            "iam:PutGroupPolicy",
            "iam:PutRolePolicy",
            "iam:PutUserPolicy",
            "iam:SetDefaultPolicyVersion",
        )
    ),
    "be somebody else": tuple(
        frozenset({action})
        for action in (
            "iam:AddUserToGroup",
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateLoginProfile",
        )
    ),
    "run code with the role of something that runs": (
        frozenset({"ec2-instance-connect:SendSSHPublicKey"}),
        frozenset({"lambda:UpdateFunctionCode"}),
        frozenset({"ssm:SendCommand"}),
        frozenset({"ssm:StartSession"}),
    ),
    "run code with a role that it passes": (
        frozenset({PASSING, "apprunner:CreateService"}),
        frozenset({PASSING, "autoscaling:CreateLaunchConfiguration"}),
        frozenset({PASSING, "bedrock-agentcore:CreateCodeInterpreter"}),
        frozenset({PASSING, "cloudformation:CreateStack"}),
        frozenset({PASSING, "cloudformation:UpdateStack"}),
        frozenset({PASSING, "codebuild:CreateProject", "codebuild:StartBuild"}),
        frozenset({PASSING, "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"}),
        frozenset({PASSING, "ec2:AssociateIamInstanceProfile"}),
        frozenset({PASSING, "ec2:RequestSpotInstances"}),
        frozenset({PASSING, "ec2:RunInstances"}),
        frozenset({PASSING, "ecs:CreateService", "ecs:RegisterTaskDefinition"}),
        frozenset({PASSING, "ecs:RegisterTaskDefinition", "ecs:RunTask"}),
        frozenset({PASSING, "eks:CreatePodIdentityAssociation"}),
        frozenset({PASSING, "glue:CreateDevEndpoint"}),
        frozenset({PASSING, "glue:CreateJob", "glue:StartJobRun"}),
        frozenset({PASSING, "lambda:AddPermission", "lambda:CreateFunction"}),
        frozenset({PASSING, "lambda:CreateEventSourceMapping", "lambda:CreateFunction"}),
        frozenset({PASSING, "lambda:CreateFunction", "lambda:InvokeFunction"}),
        frozenset({PASSING, "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"}),
        frozenset({PASSING, "sagemaker:CreateProcessingJob"}),
        frozenset({PASSING, "sagemaker:CreateTrainingJob"}),
        frozenset({PASSING, "states:CreateStateMachine", "states:StartExecution"}),
    ),
    "administer a cluster": (
        frozenset({"eks:AssociateAccessPolicy"}),
        frozenset({"eks:CreateAccessEntry", "eks:UpdateAccessEntry"}),
    ),
}
"""What somebody comes to be able to do, and the sets of actions that each lead there."""

EXPOSURES: Final[Mapping[str, frozenset[str]]] = {
    "read every secret": frozenset({"secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"}),
    "read every parameter": frozenset({"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"}),
    "read every object": frozenset({"s3:GetObject"}),
    "decrypt with every key": frozenset({"kms:Decrypt"}),
    "take every role": frozenset({"sts:AssumeRole"}),
    "read every disk": frozenset({"ebs:GetSnapshotBlock", "ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"}),
}
"""What somebody reads or takes by an action on resources that no policy names, without a condition."""
