// A platform like the dev stack's, as CDK EKS Blueprints writes it. Versions and zones are given, so that nothing asks AWS.
import * as cdk from "aws-cdk-lib";
import * as eks from "aws-cdk-lib/aws-eks";
import * as blueprints from "@aws-quickstart/eks-blueprints";

const account = "000000000000";
const region = "us-east-2";
const zones = { [`availability-zones:account=${account}:region=${region}`]: ["us-east-2a", "us-east-2b"] };
const app = new cdk.App({ context: zones, outdir: "cdk.out" });

const teams = ["dev", "prod"].map(
  (name) =>
    new blueprints.ApplicationTeam({
      name,
      namespace: name,
      userRoleArn: `arn:aws:iam::${account}:role/${name}-team`,
    }),
);

blueprints.EksBlueprint.builder()
  .account(account)
  .region(region)
  .clusterProvider(
    new blueprints.GenericClusterProvider({
      version: eks.KubernetesVersion.of("1.32"),
      managedNodeGroups: [{ id: "spot" }, { id: "on-demand" }],
    }),
  )
  .addOns(
    new blueprints.addons.VpcCniAddOn({ version: "v1.20.4-eksbuild.1" }),
    new blueprints.addons.CoreDnsAddOn("v1.12.4-eksbuild.1"),
    new blueprints.addons.KubeProxyAddOn("v1.32.6-eksbuild.2"),
    new blueprints.addons.EbsCsiDriverAddOn({ version: "v1.48.0-eksbuild.1" }),
    new blueprints.addons.AwsLoadBalancerControllerAddOn(),
    new blueprints.addons.ClusterAutoScalerAddOn(),
  )
  .teams(...teams)
  .build(app, "peer");

app.synth();
