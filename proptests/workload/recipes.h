// Recipes: arguments that reach deeper into a command than what its arity and key positions tell.
#ifndef REPRISE_PROPTESTS_WORKLOAD_RECIPES_H_
#define REPRISE_PROPTESTS_WORKLOAD_RECIPES_H_

#include <string>
#include <string_view>
#include <vector>

#include "proptests/workload/generator.h"

namespace reprise {

// The password of a server that asks for one.
inline constexpr std::string_view kServerPassword = "sesame";

struct RecipeContext {
  Generator& generator;
  Draw& draw;
  const WordChoice& choice;

  std::string Key() const { return generator.Key(choice); }
  std::string Value() const { return generator.Value(choice); }
  std::string Number() const { return generator.Number(); }
};

// Appends the arguments behind the command's name. Null: there is no recipe for this command.
using Recipe = void (*)(const RecipeContext& context, std::vector<std::string>& words);
Recipe FindRecipe(std::string_view full_name);
size_t RecipeCount();

}  // namespace reprise

#endif  // REPRISE_PROPTESTS_WORKLOAD_RECIPES_H_
