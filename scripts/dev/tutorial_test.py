# The post's test program as it stands in the post: it loads VAE_mnist_model/VAE_mnist from the
# current folder, shows what was saved, rebuilds the decoder and draws the image of [3,3].
#
# The line breaks that the page lost are put back, and two lines are changed, the two that run TF1
# programs in TensorFlow 2:
#
#   import tensorflow.compat.v1 as tf    was    import tensorflow as tf
#   tf.disable_v2_behavior()             was    not there
#
# check_export.py runs it on what the Java program exports.
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import matplotlib.pyplot as plt

sess=tf.Session()
new_saver=tf.train.import_meta_graph('./VAE_mnist_model/VAE_mnist.meta')
new_saver.restore(sess,'./VAE_mnist_model/VAE_mnist')

graph=tf.get_default_graph()

print (graph.get_all_collection_keys())
#['queue_runners', 'recon', 'summaries', 'train_op', 'trainable_variables', 'variables']

for i in tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES):
    print(i)

for i in tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES):
    print(i)

a=sess.run(graph.get_collection('trainable_variables'))
for i in a:
    print(i.shape)

latent_dim=2
noise_input=tf.placeholder(tf.float32,shape=[None,latent_dim])
decoder=tf.matmul(noise_input,a[3])+a[8]
decoder=tf.nn.tanh(decoder)
decoder=tf.matmul(decoder,a[4])+a[9]
decoder=tf.nn.sigmoid(decoder)

generate=sess.run(decoder,feed_dict={noise_input:[[3,3]]})

generate=generate*255.0
gen_img=generate.reshape(28,28)
plt.imshow(gen_img)
plt.show()
