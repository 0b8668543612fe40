"""What must be left out of linked tables of counts so that nobody is exposed, and the attack that checks it.

attackers    who does more than linear programming, or knows more than what is published
audit        what a reader of everything published can work out
blocks       the parts into which a large system is taken
bounds       linear programming over what a reader can know
explored     the blocks of a layer, side by side
frames       from the frames of cubes to one system of cells and back
layers       the simple ways in which hidden counts of linked people can change
layout       where the counts of frames are in one system
like         what protecting needs of a cube's declaration
links        which counts are of the same people, or of part of them
policy       what may not be published by itself, and the words for it
suppression  what else must be hidden so that sums give nothing away
tables       cells and the sums among them
utility      how much is lost by hiding
whole        what is known of counts that are whole: carried from sum to sum, and by programs
"""
