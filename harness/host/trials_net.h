// Trials of what the network rows need.
#pragma once

namespace nsproof {

class Keeper;
class World;

// Each throws Broken with the call that failed.
void make_veth(Keeper& keeper, World& world);
void use_nf_tables(Keeper& keeper, World& world);
void use_ipv6(Keeper& keeper, World& world);
void read_net_core_files(Keeper& keeper, World& world);

}  // namespace nsproof
