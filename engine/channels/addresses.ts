import { BlockList, isIP, isIPv4 } from "node:net";

/** Why an address may not be called. */
export type Closed = "private" | "metadata" | "reserved";

type Range = [network: string, prefix: number, why: Closed];

/** Not globally reachable: the IANA special-purpose registry (RFC 6890 and later), multicast, class E. */
const V4: Range[] = [
  ["169.254.169.254", 32, "metadata"],
  ["169.254.170.0", 24, "metadata"],
  ["100.100.100.200", 32, "metadata"],
  ["168.63.129.16", 32, "metadata"],
  ["192.0.0.192", 32, "metadata"],
  ["0.0.0.0", 8, "private"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "private"],
  ["127.0.0.0", 8, "private"],
  ["169.254.0.0", 16, "private"],
  ["172.16.0.0", 12, "private"],
  ["192.168.0.0", 16, "private"],
  ["192.0.0.0", 24, "reserved"],
  ["192.0.2.0", 24, "reserved"],
  ["192.88.99.0", 24, "reserved"],
  ["198.18.0.0", 15, "reserved"],
  ["198.51.100.0", 24, "reserved"],
  ["203.0.113.0", 24, "reserved"],
  ["224.0.0.0", 4, "reserved"],
  ["240.0.0.0", 4, "reserved"],
];

/**
 * Only 2000::/3 is given out as public; mapped (::ffff:0:0/96), translated (64:ff9b::/96,
 * 64:ff9b:1::/48), unique local, link-local and multicast addresses lie outside it. Inside it, what
 * carries another address in itself (Teredo, 6to4) or goes nowhere.
 */
const PUBLIC_V6: [string, number] = ["2000::", 3];
const V6: Range[] = [
  ["2001::", 23, "reserved"],
  ["2001:db8::", 32, "reserved"],
  ["2002::", 16, "reserved"],
  ["3fff::", 20, "reserved"],
];

function listOf(ranges: [string, number, ...unknown[]][], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}
const closedV4 = V4.map((range) => ({ list: listOf([range], "ipv4"), why: range[2] }));
const closedV6 = V6.map((range) => ({ list: listOf([range], "ipv6"), why: range[2] }));
const publicV6 = listOf([PUBLIC_V6], "ipv6");
const metadataV6 = listOf(
  [
    ["fd00:ec2::254", 128],
    ["fd20:ce::254", 128],
  ],
  "ipv6",
);

/**
 * Why an IP address (as `net.isIP` reads it, without brackets or zone) may not be called from
 * inside our network; null when it is public. What is no address at all is `reserved`.
 */
export function closed(address: string): Closed | null {
  if (isIP(address) === 0 || address.includes("%")) return "reserved";
  if (isIPv4(address)) return closedV4.find(({ list }) => list.check(address, "ipv4"))?.why ?? null;
  if (metadataV6.check(address, "ipv6")) return "metadata";
  if (!publicV6.check(address, "ipv6")) return "private";
  return closedV6.find(({ list }) => list.check(address, "ipv6"))?.why ?? null;
}
